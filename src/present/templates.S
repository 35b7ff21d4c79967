/* The templates of plots/, inside the program: an installed lustrum needs no other file. */
    .macro template name
    .global lus_template_\name
    .type lus_template_\name, @object
lus_template_\name:
    .incbin "plots/\name\().gp"
    .byte 0
    .size lus_template_\name, . - lus_template_\name
    .endm
    .section .rodata
    template curve
    template dots
    template cells
    template trend
    .section .note.GNU-stack, "", %progbits
