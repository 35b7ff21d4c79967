/* The template of plots/, inside the program: an installed lustrum needs no other file. It is made of
 * two files, one after the other. */
    .section .rodata
    .global lus_template_sheet
    .hidden lus_template_sheet
    .type lus_template_sheet, @object
lus_template_sheet:
    .incbin "plots/terminal.gp"
    .incbin "plots/sheet.gp"
    .byte 0
    .size lus_template_sheet, . - lus_template_sheet
    .section .note.GNU-stack, "", %progbits
