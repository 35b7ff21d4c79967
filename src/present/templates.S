/* The templates of plots/, inside the program: an installed lustrum needs no other file. */
    .section .rodata
    .global lus_template_curve
    .type lus_template_curve, @object
lus_template_curve:
    .incbin "plots/curve.gp"
    .byte 0
    .size lus_template_curve, . - lus_template_curve
    .section .note.GNU-stack, "", %progbits
