"""What the local Stripe's pages share: the frame, the style, and text that cannot become markup."""

from html import escape

from starlette.responses import HTMLResponse

_STYLE = """
:root{color-scheme:light dark;--ink:#1a1f36;--soft:#5a6275;--line:#d9dee8;--ground:#f6f8fb;--sheet:#fff;--brand:#4b3fd6;
--good:#0b6b3a;--good-ground:#dcf5e6;--bad:#a3122a;--bad-ground:#fde4e7;--wait:#7a4a00;--wait-ground:#fdf0d3}
@media (prefers-color-scheme:dark){:root{--ink:#eef1f8;--soft:#a9b1c4;--line:#343b4f;--ground:#12151f;--sheet:#1b2030;
--brand:#8f86ff;--good:#7fe0aa;--good-ground:#143523;--bad:#ff9aa8;--bad-ground:#43161f;--wait:#ffcf7d;--wait-ground:#3d2d0c}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:60rem;margin:0 auto;padding:1.5rem 1rem 4rem}
main.narrow{max-width:28rem}
h1{font-size:1.4rem;margin:.2rem 0 1rem}h2{font-size:1.1rem;margin:2.2rem 0 .6rem}
p{margin:.4rem 0}a{color:var(--brand)}code{font-size:.85em;overflow-wrap:anywhere}
.sheet{background:var(--sheet);border:1px solid var(--line);border-radius:.8rem;padding:1.2rem;margin:0 0 1rem}
.soft{color:var(--soft);font-size:.9rem}.price{font-size:2.2rem;font-weight:650;margin:0;line-height:1.2}
.badge{display:inline-block;border-radius:1rem;padding:.1rem .65rem;font-size:.8rem;font-weight:600;
background:var(--line);color:var(--ink)}
.good{background:var(--good-ground);color:var(--good)}.bad{background:var(--bad-ground);color:var(--bad)}
.wait{background:var(--wait-ground);color:var(--wait)}
.notice{border-radius:.6rem;padding:.7rem .9rem;margin:0 0 1rem;font-weight:600}
.row{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center}.between{justify-content:space-between}
.stack>*{margin:0 0 .6rem}ul{list-style:none;margin:.6rem 0;padding:0}
li.line{display:flex;justify-content:space-between;gap:1rem;border-top:1px solid var(--line);padding:.5rem 0}
form{display:inline}.stack form{display:block}.stack form:last-child{margin:0}article .row{margin:.5rem 0 0}
form.controls{display:flex;flex-wrap:wrap;gap:1rem;align-items:end}
label{display:grid;gap:.2rem;font-size:.9rem;color:var(--soft)}
button,select{font:inherit;border-radius:.5rem;border:1px solid var(--line);background:var(--sheet);color:var(--ink);
padding:.4rem .8rem;min-height:2.5rem}
button{cursor:pointer;font-weight:600}button:hover{border-color:var(--brand)}
:focus-visible{outline:3px solid var(--brand);outline-offset:2px}
.stack button{width:100%;min-height:3rem}
button.first{background:var(--brand);border-color:var(--brand);color:var(--sheet)}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;padding:.45rem .6rem .45rem 0;border-top:1px solid var(--line);white-space:nowrap}
"""
_SIGNS = {"usd": "$", "eur": "€", "gbp": "£"}
_WITHOUT_CENTS = {"jpy", "krw"}


def page(title: str, body: str, *, status: int = 200, is_narrow: bool = False) -> HTMLResponse:
    """A whole page; `body` is markup already."""
    width = ' class="narrow"' if is_narrow else ""
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">{_icon()}'
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head>{head}<title>{escape(title)}</title><style>{_STYLE}</style></head>'
        f"<body><main{width}>{body}</main></body></html>",
        status_code=status,
        headers={"Cache-Control": "no-store"},
    )


def notice(text: str, *, mood: str) -> str:
    """A sentence in a coloured box that is read out at once; `mood` is good, bad or wait."""
    return f'<p class="notice {mood}" role="status">{escape(text)}</p>' if text else ""


def badge(text: str, *, mood: str = "") -> str:
    """A word in a coloured pill."""
    return f'<span class="badge {mood}">{escape(text)}</span>'


def button(address: str, words: str, *, style: str = "", **fields: str) -> str:
    """A form that is one button and some hidden fields."""
    hidden = "".join(f'<input type="hidden" name="{escape(k)}" value="{escape(v)}">' for k, v in fields.items())
    kind = f' class="{style}"' if style else ""
    return f'<form method="post" action="{escape(address)}">{hidden}<button{kind}>{escape(words)}</button></form>'


def choice(name: str, words: str, options: dict[str, str], chosen: str) -> str:
    """A labelled list to choose from."""
    entries = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(text)}</option>'
        for value, text in options.items()
    )
    return f'<label>{escape(words)}<select name="{escape(name)}">{entries}</select></label>'


def money(amount: int, currency: str) -> str:
    """An amount as people write it: `$4.99`."""
    if currency in _WITHOUT_CENTS:
        return f"{amount:,} {currency.upper()}"
    written = f"{amount / 100:,.2f}"
    return _SIGNS[currency] + written if currency in _SIGNS else f"{written} {currency.upper()}"


def _icon() -> str:
    return '<link rel="icon" href="data:,">'  # otherwise browsers ask for one and get a 404
