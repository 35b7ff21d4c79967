#include "present/chart/panel.h"

#include <math.h>

struct lus_panel lus_panel_begin(struct lus_sheet *s, double left, double width, double height)
{
    return (struct lus_panel){
        .s = s, .left = left, .right = left + width, .top = s->y, .bottom = s->y + height};
}

double lus_panel_x(const struct lus_panel *p, double value)
{
    return p->left + (value - p->from[0]) / (p->to[0] - p->from[0]) * (p->right - p->left);
}

double lus_panel_y(const struct lus_panel *p, double value)
{
    return p->bottom - (value - p->from[1]) / (p->to[1] - p->from[1]) * (p->bottom - p->top);
}

bool lus_panel_holds(const struct lus_panel *p, double x, double y)
{
    return x >= p->from[0] && x <= p->to[0] && y >= p->from[1] && y <= p->to[1];
}

void lus_panel_tic_x(const struct lus_panel *p, double value, const char *text)
{
    double x = lus_panel_x(p, value);
    lus_sheet_line(p->s, "grid.dat", x, p->top, x, p->bottom);
    lus_sheet_put(p->s, "tics.dat", x, p->bottom + 18, text);
}

void lus_panel_tic_y(const struct lus_panel *p, double value, const char *text)
{
    double y = lus_panel_y(p, value);
    lus_sheet_line(p->s, "grid.dat", p->left, y, p->right, y);
    lus_sheet_put(p->s, "tics.dat", p->left - 8 - lus_sheet_width(text) / 2, y, text);
}

/* The x at which a line reaches a value of y. */
static double reach(const double a[2], const double b[2], double y)
{
    return a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]);
}

void lus_panel_line(const struct lus_panel *p, const char *file, const double from[2],
                    const double to[2])
{
    double a[2] = {from[0], from[1]}, b[2] = {to[0], to[1]};
    for (int edge = 0; edge < 2; edge++) {
        double limit = edge ? p->to[1] : p->from[1], sign = edge ? -1 : 1;
        bool a_out = sign * (a[1] - limit) < 0, b_out = sign * (b[1] - limit) < 0;
        if (a_out && b_out) return;
        if (a_out) a[0] = reach(a, b, limit), a[1] = limit;
        else if (b_out) b[0] = reach(a, b, limit), b[1] = limit;
    }
    if (isnan(a[1]) || isnan(b[1])) return;
    lus_sheet_line(p->s, file, lus_panel_x(p, a[0]), lus_panel_y(p, a[1]), lus_panel_x(p, b[0]),
                   lus_panel_y(p, b[1]));
}

double lus_round_steps(double from, double to, int n, double *step)
{
    double power = pow(10, floor(log10((to - from) / n)));
    static const double steps[] = {1, 2, 5, 10};
    *step = 10 * power;
    for (size_t i = 0; i < 4; i++)
        if ((to - from) / (steps[i] * power) <= n) {
            *step = steps[i] * power;
            break;
        }
    double first = ceil(from / *step - 1e-9) * *step;
    return first == 0 ? 0 : first; /* not -0 */
}
