/* The templates of plots/, inside the program: an installed lustrum needs no other file. One is made
 * of files, one after the other. */
    .macro begin name
    .global lus_template_\name
    .type lus_template_\name, @object
lus_template_\name:
    .incbin "plots/terminal.gp"
    .endm
    .macro end name
    .byte 0
    .size lus_template_\name, . - lus_template_\name
    .endm
    .section .rodata
    begin curve
    .incbin "plots/curve.gp"
    end curve
    begin rates
    .incbin "plots/rates.gp"
    .incbin "plots/dots.gp"
    end rates
    begin sheet
    .incbin "plots/sheet.gp"
    end sheet
    begin heat
    .incbin "plots/heat.gp"
    .incbin "plots/cells.gp"
    .incbin "plots/heat_cells.gp"
    end heat
    begin people
    .incbin "plots/people.gp"
    .incbin "plots/cells.gp"
    .incbin "plots/people_cells.gp"
    end people
    begin trend
    .incbin "plots/trend.gp"
    end trend
    .section .note.GNU-stack, "", %progbits
