/* What a shell completes behind "lustrum": commands, their options, kinds of chart; made from the
 * tables that parse them. */
#include <string.h>

#include "command/command.h"

/* A word of a single-quoted string of the shell, after the characters of `special` are escaped. */
static void add_quoted(struct lus_string *out, const char *text, const char *special)
{
    for (const char *c = text; *c; c++) {
        if (*c == '\'') lus_string_put(out, "'\\'");
        else if (strchr(special, *c)) lus_string_put(out, "\\");
        lus_string_add(out, c, 1);
    }
}

static bool takes_value(const struct lus_option *o)
{
    return o->kind != LUS_OPTION_FLAG && o->kind != LUS_OPTION_MAYBE;
}

/* The kinds of chart, as the summary of plot names them. */
static void add_kinds(struct lus_string *out)
{
    for (const char *c = strchr(lus_plot_summary, ':') + 2; *c; c++)
        if (*c != ',') lus_string_add(out, c, 1);
}

typedef void (*option_fn)(struct lus_string *out, const struct lus_command *c,
                          const struct lus_option *o, const char *help);

static void each_option(struct lus_string *out, const struct lus_command *c, option_fn add)
{
    for (const struct lus_option_group *const *g = c->options; *g; g++)
        for (const struct lus_option *o = (*g)->rows; o->name; o++) {
            if (lus_list_has(c->without, o->name)) continue;
            struct lus_string help = lus_option_help(o);
            add(out, c, o, help.n ? help.at : "");
            out->failed |= help.failed;
            lus_string_free(&help);
        }
}

/* --- bash --- */

static void add_for_bash(struct lus_string *out, const struct lus_command *c,
                         const struct lus_option *o, const char *help)
{
    (void)c, (void)help;
    lus_string_print(out, " --%s", o->name);
    if (o->letter) lus_string_print(out, " -%c", o->letter);
}

static void complete_bash(struct lus_string *out)
{
    lus_string_put(out, "# lustrum completion bash\n"
                        "_lustrum() {\n"
                        "  local cur=${COMP_WORDS[COMP_CWORD]} words=\n"
                        "  COMPREPLY=()\n"
                        "  if [ \"$COMP_CWORD\" = 1 ]; then\n"
                        "    words='help version doctor completion");
    for (const struct lus_command *c = lus_commands; c->name; c++)
        lus_string_print(out, " %s", c->name);
    lus_string_put(out, "'\n  elif [ \"$COMP_CWORD\" = 2 ] && [ \"${COMP_WORDS[1]}\" = plot ] && "
                        "[[ $cur != -* ]]; then\n    words='");
    add_kinds(out);
    lus_string_put(out, "'\n  elif [[ $cur == -* ]]; then\n    case ${COMP_WORDS[1]} in\n");
    for (const struct lus_command *c = lus_commands; c->name; c++) {
        lus_string_print(out, "    %s) words='--help", c->name);
        each_option(out, c, add_for_bash);
        lus_string_put(out, "' ;;\n");
    }
    lus_string_put(out, "    esac\n"
                        "  fi\n"
                        "  [ -n \"$words\" ] && COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
                        "  return 0\n"
                        "}\n"
                        "complete -o bashdefault -o default -F _lustrum lustrum\n");
}

/* --- zsh --- */

static void add_for_zsh(struct lus_string *out, const struct lus_command *c,
                        const struct lus_option *o, const char *help)
{
    (void)c;
    const char *dashes[2] = {"--", "-"};
    for (size_t i = 0; i < (o->letter ? 2 : 1); i++) {
        char letter[2] = {o->letter, 0};
        lus_string_print(out, "      '*%s%s[", dashes[i], i ? letter : o->name);
        add_quoted(out, help, "[]:\\");
        lus_string_put(out, "]");
        if (takes_value(o)) {
            lus_string_put(out, ":");
            add_quoted(out, o->metavar, "[]:\\");
            lus_string_put(out, ":_files");
        }
        lus_string_put(out, "'\n");
    }
}

static void complete_zsh(struct lus_string *out)
{
    lus_string_put(out, "#compdef lustrum\n"
                        "# lustrum completion zsh\n"
                        "_lustrum() {\n"
                        "  local -a commands spec\n"
                        "  commands=(\n");
    for (const struct lus_command *c = lus_commands; c->name; c++) {
        lus_string_print(out, "    '%s:", c->name);
        add_quoted(out, c->summary, ":\\");
        lus_string_put(out, "'\n");
    }
    lus_string_put(out, "    'help:what there is, or the options of a command'\n"
                        "    'version:the version'\n"
                        "    'doctor:what is there of what lustrum uses'\n"
                        "    'completion:this, for bash, zsh or fish'\n"
                        "  )\n"
                        "  if (( CURRENT == 2 )); then\n"
                        "    _describe command commands\n"
                        "    return\n"
                        "  fi\n"
                        "  case $words[2] in\n");
    for (const struct lus_command *c = lus_commands; c->name; c++) {
        lus_string_print(out, "    %s) spec=(\n      '--help[the options]'\n", c->name);
        each_option(out, c, add_for_zsh);
        if (strcmp(c->name, "plot") == 0) {
            lus_string_put(out, "      '1:KIND:(");
            add_kinds(out);
            lus_string_put(out, ")'\n");
        }
        lus_string_put(out, "      '*:FILE:_files') ;;\n");
    }
    lus_string_put(out, "  esac\n"
                        "  shift words\n"
                        "  (( CURRENT-- ))\n"
                        "  _arguments -s $spec\n"
                        "}\n"
                        "compdef _lustrum lustrum\n"
                        "if [ \"${funcstack[1]}\" = _lustrum ]; then _lustrum; fi\n");
}

/* --- fish --- */

static void add_for_fish(struct lus_string *out, const struct lus_command *c,
                         const struct lus_option *o, const char *help)
{
    lus_string_print(out, "complete -c lustrum -n '__fish_seen_subcommand_from %s' -l %s", c->name,
                     o->name);
    if (o->letter) lus_string_print(out, " -s %c", o->letter);
    lus_string_put(out, takes_value(o) ? " -r -d '" : " -d '");
    add_quoted(out, help, "\\");
    lus_string_put(out, "'\n");
}

static void complete_fish(struct lus_string *out)
{
    static const char first[] = "complete -c lustrum -n __fish_use_subcommand -f -a ";
    lus_string_put(out, "# lustrum completion fish\n");
    for (const struct lus_command *c = lus_commands; c->name; c++) {
        lus_string_print(out, "%s%s -d '", first, c->name);
        add_quoted(out, c->summary, "\\");
        lus_string_put(out, "'\n");
    }
    lus_string_print(out, "%shelp -d 'what there is, or the options of a command'\n", first);
    lus_string_print(out, "%sversion -d 'the version'\n", first);
    lus_string_print(out, "%sdoctor -d 'what is there of what lustrum uses'\n", first);
    lus_string_print(out, "%scompletion -d 'this, for bash, zsh or fish'\n", first);
    lus_string_put(out, "complete -c lustrum -n '__fish_seen_subcommand_from plot' -a '");
    add_kinds(out);
    lus_string_put(out, "'\n");
    for (const struct lus_command *c = lus_commands; c->name; c++)
        each_option(out, c, add_for_fish);
}

bool lus_print_completion(struct lus_string *out, const char *shell)
{
    static const struct {
        const char *name;
        void (*complete)(struct lus_string *out);
    } shells[] = {{"bash", complete_bash}, {"zsh", complete_zsh}, {"fish", complete_fish}};
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++)
        if (strcmp(shells[i].name, shell) == 0) {
            shells[i].complete(out);
            return true;
        }
    return false;
}
