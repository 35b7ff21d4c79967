/* The page's frame, inside the program: an installed lustrum needs no other file. */
    .section .rodata
    .global lus_report_frame
    .hidden lus_report_frame
    .type lus_report_frame, @object
lus_report_frame:
    .incbin "src/report/page.html"
    .byte 0
    .size lus_report_frame, . - lus_report_frame
    .section .note.GNU-stack, "", @progbits
