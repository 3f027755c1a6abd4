"""Hostile and ugly bodies of mails, each with the words that must be read, and what must be seen of them.

``BODIES`` is a list of :class:`Body`. Whatever runs sets ``window.ran``; whatever is fetched comes from evil.example.
"""
# ruff: noqa: E501  (one body a line)
from dataclasses import dataclass

EVIL = "evil.example"


@dataclass
class Body:
    name: str
    html: str
    words: tuple = ("Ahoj", "svete")
    look: tuple = ()  # (word, property, computed value) of the element that holds the word


def _around(name, hostile):
    """A hostile piece between two words that must stay."""
    return Body(name, f"<p>Ahoj</p>{hostile}<p>svete</p>")


# How an address is spelled that leads to another server; the name tells them apart in the list of calls.
ADDRESSES = {
    "plain": "http://{0}/x", "upper": "HTTP://{0}/x", "relative-protocol": "//{0}/x", "backslash": "\\\\{0}/x",
    "slash-backslash": "/\\{0}/x", "backslash-slash": "\\/{0}/x", "one-slash": "http:/{0}/x", "no-slash": "http:{0}/x",
    "http-backslash": "http:/\\{0}/x", "http-backslashes": "http:\\\\{0}\\x", "three": "///{0}/x", "many": "http://////{0}/x",
    "tab": "ht\ttp://{0}/x", "newline": "http:\n//{0}/x", "leading": " \t\n http://{0}/x", "control": "\x01\x1fhttp://{0}/x",
    "entity": "http&colon;&sol;&sol;{0}/x", "number": "&#104;ttp://{0}/x", "nested-tab": "/\t/{0}/x",
    "newline-slash": "/\n\\{0}/x", "user": "http://localhost@{0}/x", "port": "//{0}:80/x", "dot": "http://{0}./x",
}
# Where an address may stand, and be fetched without a click.
PLACES = {
    "img": '<img src="{0}">', "srcset": '<img srcset="{0} 2x">', "both": '<img src="data:image/gif;base64,R0" srcset="{0} 1x, {0} 2x">',
    "picture": '<picture><source srcset="{0}"><img src="{0}"></picture>', "input": '<input type=image src="{0}">',
    "table": '<table background="{0}"><tr><td background="{0}">Bunka</table>', "body": '<body background="{0}">',
    "style": '<p style="background-image:url({0})">Odstavec</p>', "quoted": "<p style=\"background:url('{0}')\">Odstavec</p>",
    "list": '<ul style="list-style-image:url({0})"><li>Polozka</ul>', "border": '<p style="border-image:url({0}) 1">Odstavec</p>',
    "content": '<p style="content:url({0})">Odstavec</p>', "cursor": '<p style="cursor:url({0}),auto">Odstavec</p>',
    "mask": '<p style="-webkit-mask-image:url({0})">Odstavec</p>', "set": "<p style=\"background-image:image-set('{0}' 1x)\">Odstavec</p>",
    "escaped": "<p style=\"background-image:u\\72l('{0}')\">Odstavec</p>", "comment": '<p style="background-image:url/**/({0})">x</p>',
    "variable": '<p style="--a:url({0});background:var(--a)">Odstavec</p>',
    "video": '<video src="{0}" poster="{0}" autoplay></video>', "audio": '<audio src="{0}" autoplay></audio>',
    "source": '<video autoplay><source src="{0}"><track src="{0}"></video>', "object": '<object data="{0}"></object>',
    "embed": '<embed src="{0}">', "iframe": '<iframe src="{0}"></iframe>', "frame": '<frameset><frame src="{0}"></frameset>',
    "link": '<link rel=stylesheet href="{0}">', "icon": '<link rel="prefetch" href="{0}">',
    "import": '<style>@import "{0}";</style>', "sheet": '<style>p{{background:url({0})}}</style>',
    "font": '<style>@font-face{{font-family:x;src:url({0})}}p{{font-family:x}}</style>',
    "svg": '<svg><image href="{0}" xlink:href="{0}"/><use href="{0}#x"/></svg>',
    "svgstyle": '<svg><style>*{{background:url({0})}}</style></svg>', "meta": '<meta http-equiv=refresh content="0;url={0}">',
    "base": '<base href="{0}"><img src="a.png">', "script": '<script src="{0}"></script>', "ping": '<a ping="{0}" href="#">Odkaz</a>',
    "portal": '<portal src="{0}"></portal>', "applet": '<applet code="{0}"></applet>', "bgsound": '<bgsound src="{0}">',
    "lowsrc": '<img lowsrc="{0}" dynsrc="{0}">', "form": '<form action="{0}"><button formaction="{0}">Knoflik</button></form>',
    "manifest": '<html manifest="{0}">', "preload": '<link rel=preload as=image imagesrcset="{0}">',
    "noscript": '<noscript><img src="{0}"></noscript>', "template": '<template><img src="{0}"></template>',
    "shadow": '<div><template shadowrootmode="open"><img src="{0}"></template></div>',
}
_RUN = "window.ran=1"
RUNNING = [
    f"<script>{_RUN}</script>", f"<ScRiPt >{_RUN}</sCrIpT x>", f"<script/x>{_RUN}</script>", f'<img src=x onerror="{_RUN}">',
    f"<img/src=x/onerror={_RUN}>", f'<img src="x`" onerror={_RUN}>', f'<svg onload="{_RUN}">', f"<svg><script>{_RUN}</script></svg>",
    f'<svg><animate onbegin="{_RUN}" attributeName=x dur=1s>', f'<body onload="{_RUN}">', f'<details open ontoggle="{_RUN}">x</details>',
    f'<input autofocus onfocus="{_RUN}">', f'<video><source onerror="{_RUN}"></video>', '<iframe srcdoc="<script>parent.ran=1</script>"></iframe>',
    f'<iframe src="javascript:parent.{_RUN}"></iframe>', f'<a id=click href="javascript:{_RUN}">Odkaz</a>',
    f'<a href="jav\tascript:{_RUN}">Odkaz</a>', f'<a href="&#1;javascript:{_RUN}">Odkaz</a>', f'<a href="JAVASCRIPT&colon;{_RUN}">Odkaz</a>',
    f'<a href="data:text/html,<script>{_RUN}</script>">Odkaz</a>', f'<a href="vbscript:{_RUN}">Odkaz</a>',
    f'<math href="javascript:{_RUN}"><mi>x</mi></math>', f'<form action="javascript:{_RUN}"><input type=submit></form>',
    f'<noscript><p title="</noscript><img src=x onerror={_RUN}>"></noscript>',
    f'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror={_RUN}&gt;">',
    f'<svg></p><style><a id="</style><img src=1 onerror={_RUN}>">', f'<p title="--><img src=x onerror={_RUN}>">x</p>',
    f'<!--><img src=x onerror={_RUN}>-->', f'<!--[if gte IE 4]><script>{_RUN}</script><![endif]-->',
    f'<textarea><img title="</textarea><img src=x onerror={_RUN}>"></textarea>', f'<title><a title="</title><img src=x onerror={_RUN}>"></title>',
    f'<xmp><p title="</xmp><img src=x onerror={_RUN}>"></xmp>', f'<p style="width:expression({_RUN})">x</p>',
    f'<p onclick="{_RUN}" onmouseover="{_RUN}" style="animation-name:x" onanimationstart="{_RUN}">x</p>',
    f'<div contenteditable onfocus="{_RUN}" autofocus tabindex=0>x</div>', f'<a href="https://x.example/&quot; onclick=&quot;{_RUN}">Odkaz</a>',
    f'<object data="javascript:{_RUN}"></object>', f'<embed src="data:text/html,<script>parent.{_RUN}</script>">',
    f'<marquee onstart="{_RUN}">x</marquee>', f'<select><option><style></option></select><img src=x onerror={_RUN}></style>',
    '<img name="body"><form name="querySelector" id="getElementById"></form><a id="odoo" name="odoo">Kotva</a>',
]
_BIG = "background:red;width:100vw;height:100vh"
ESCAPING = [
    f'<div style="position:fixed;top:0;left:0;z-index:9999;{_BIG}">Kryt</div>', f'<div style="position:absolute;inset:0;{_BIG}">Kryt</div>',
    f'<div style="position:sticky;top:0;{_BIG}">Kryt</div>', f'<div style="position :\nfixed;top:0;{_BIG}">Kryt</div>',
    f'<div style="posi\\74ion:fixed;top:0;{_BIG}">Kryt</div>', f'<div style="/**/position/**/:fixed;top:0;{_BIG}">Kryt</div>',
    f'<div style="margin:-500px;{_BIG}">Kryt</div>', f'<div style="margin-left:calc(0px - 900px);{_BIG}">Kryt</div>',
    f'<div style="transform:translate(-500px,-500px);{_BIG}">Kryt</div>', f'<div style="translate:-500px;{_BIG}">Kryt</div>',
    '<div style="box-shadow:0 0 0 2000px red">Kryt</div>', '<div style="outline:2000px solid red">Kryt</div>',
    '<div style="text-shadow:-300px -300px red">Kryt</div>', '<div style="text-indent:-700px">Kryt</div>',
    '<div style="width:90000px;height:50px;background:red">Kryt</div>', '<div style="letter-spacing:-90px">Kryt</div>',
    '<div style="float:right;width:3000px;background:red">Kryt</div>', '<div style="zoom:50;font-size:900px">Kryt</div>',
    *(f'<div class="{name}" style="background:red">Kryt</div>' for name in (
        "position-fixed top-0 start-0 vw-100 vh-100", "fixed-top", "modal d-block show", "offcanvas show", "toast show",
        "stretched-link", "sticky-top", "o_dialog", "o-overlay-container", "dropdown-menu show", "modal-backdrop",
        "position-absolute w-100 h-100", "o_sd_quote o_sd_remote", "translate-middle position-fixed")),
    '<a class="stretched-link" href="https://x.example">Kryt</a>', "</div></div></div></article></main><h1>Kryt</h1>",
    "</template></details></td></tr></table><p>Kryt</p>", '<dialog open style="position:fixed">Kryt</dialog>',
    '<div popover style="display:block;position:fixed;inset:0">Kryt</div>', "<style>*{display:none!important}</style>",
    "<style>:host,:root,body{display:none!important;position:fixed}</style>", "<plaintext>Kryt",
    '<table style="position:fixed;top:0"><caption style="position:fixed">Kryt</table>', "<b><i><u><s>Kryt",
    '<div dir="rtl" style="direction:rtl;unicode-bidi:bidi-override">Kryt</div>', "\u202eKryt\u202c",
    "<iframe style='position:fixed;inset:0;width:100%;height:100%'>Kryt</iframe>", "<frameset>Kryt</frameset>",
]
UGLY = [
    Body("embed", "<p>Ahoj</p><embed src=x>svete"), Body("noscript", "<noscript>Ahoj <b>svete</b></noscript>"),
    Body("textarea", "<textarea>Ahoj</textarea> svete"), Body("textarea open", "Ahoj <textarea> svete<p>konec", ("Ahoj", "svete", "konec")),
    Body("noframes", "<noframes>Ahoj</noframes>svete"), Body("object open", "Ahoj<object data=x>svete<p>konec", ("Ahoj", "svete", "konec")),
    Body("iframe open", "Ahoj<iframe src=x><p>svete"), Body("title open", "<title>Ahoj<p>svete</p>"),
    Body("title first", "<html><head><title>Nadpis<body><p>Ahoj svete</p></body></html>"),
    Body("behind html", "<html><body>Ahoj</body></html>svete<p>konec</p>", ("Ahoj", "svete", "konec")),
    Body("two documents", "<html><body><p>Ahoj</p></body></html><html><body><p>svete</p></body></html>"),
    Body("comment open", "Ahoj <!-- svete"), Body("style open", "<style>p {color:red} <p>Ahoj svete</p>"),
    Body("script open", "<p>Ahoj</p><script>var a=1 <p>svete</p>"), Body("unknown", "<o:p>Ahoj</o:p><v:shape>svete</v:shape>"),
    Body("select", "<select><option>Ahoj<option>svete</select>"), Body("button", "<button>Ahoj</button><label>svete</label>"),
    Body("input", '<form>Ahoj <input value="svete"></form>'), Body("svg text", "<svg><text>Ahoj</text></svg><math><mi>svete</mi></math>"),
    Body("template", "<template>Ahoj</template> svete"), Body("video", "<video>Ahoj</video><audio>svete</audio><canvas>konec</canvas>"),
    Body("ruby", "<ruby>Ahoj<rt>svete</rt></ruby>"), Body("frameset", "<frameset><noframes>Ahoj</noframes></frameset>svete"),
    Body("cdata", "<![CDATA[Ahoj]]> <p>svete</p>"), Body("word", "<![if !mso]>Ahoj<![endif]><?xml:namespace prefix=o ?>svete"),
    Body("revealed", "<!--[if !mso]><!-->Ahoj<!--<![endif]--> svete"), Body("signs", "1 < 2 && Ahoj > 3 <3 </ svete"),
    Body("open quote", '<a href="http://x.example>Ahoj <b title="y">svete</b>'), Body("open tag", "<p>Ahoj svete</p><p"),
    Body("no tags", "Ahoj\nsvete"), Body("nul", "<p>Ah\x00oj sv\x01ete</p>"), Body("surrogate", "<p>Ahoj \ud800 svete</p>"),
    Body("deep", "<div>" * 180 + "Ahoj" + "</div>" * 180 + "svete"), Body("deep tables", "<table><tr><td>" * 60 + "Ahoj svete"),
    Body("crossed", "<b>Ahoj <i>svete</b> konec</i>", ("Ahoj", "svete", "konec")), Body("p in p", "<p>Ahoj<p>svete<div>konec</p></div>"),
    Body("in table", "<table>Ahoj<tr>svete<td>bunka</table>", ("Ahoj", "svete", "bunka")), Body("only cells", "<td>Ahoj</td><td>svete"),
    Body("lists", "<ul><li>Ahoj<li>svete<ul><li>konec</ul></ul>", ("Ahoj", "svete", "konec")), Body("dl", "<dl><dt>Ahoj<dd>svete</dl>"),
    Body("long word", f"<p>Ahoj {'x' * 900} svete</p>"), Body("wide table", "<table width=3000><tr><td>Ahoj<td>svete</table>"),
    Body("pre", f"<pre>Ahoj {'svete ' * 200}</pre>"), Body("alt", '<p>Ahoj svete</p><img alt="Obrazek" src="cid:nic">'),
    Body("attributes", "<p " + " ".join(f"a{n}=b" for n in range(200)) + ">Ahoj svete"), Body("entities", "&#65;hoj &#x73;vete"),
    Body("upper", "<P>AHOJ</P><FONT COLOR=RED>SVETE</FONT>", ("AHOJ", "SVETE"), ("SVETE", "color", "rgb(255, 0, 0)")),
    Body("quotes", '<p>Ahoj</p><div class="gmail_quote"><div class="gmail_attr">psal:</div><blockquote>svete</blockquote></div>'),
]
LOOKS = [
    Body("bgcolor", "<table><tr><td bgcolor=#000080><font color=white>Ahoj</font> svete</table>",
         look=("svete", "backgroundColor", "rgb(0, 0, 128)")),
    Body("bgcolor bare", "<table bgcolor=102030><tr><td style=color:#fff>Ahoj svete</table>", look=("Ahoj", "color", "rgb(255, 255, 255)")),
    Body("background", '<div style="background:#123456 none;color:#fefefe">Ahoj svete</div>', look=("Ahoj", "backgroundColor", "rgb(18, 52, 86)")),
    Body("background url", '<div style="background:navy url(http://evil.example/x) no-repeat;color:white">Ahoj svete</div>',
         look=("Ahoj", "backgroundColor", "rgb(0, 0, 128)")),
    Body("body", '<body bgcolor="#222222" text="#eeeeee">Ahoj svete</body>', look=("Ahoj", "color", "rgb(238, 238, 238)")),
    Body("body style", '<html><body style="background-color:rgb(9,9,9);color:white"><p>Ahoj</p></body></html>svete'),
    Body("sheet", "<style>.d{background:#000}</style><div class=d><span style=color:#fff>Ahoj svete</span></div>"),
    Body("important", "<p style='color:#ff0000 !important'>Ahoj svete</p>", look=("Ahoj", "color", "rgb(255, 0, 0)")),
    Body("bold", "<p style='font-weight:700'>Ahoj svete", look=("Ahoj", "fontWeight", "700")),
    Body("centre", "<p align=center>Ahoj svete", look=("Ahoj", "textAlign", "-webkit-center")),
    Body("center", "<center><b>Ahoj</b> svete</center>"), Body("font", "<font face=Courier size=5>Ahoj svete</font>"),
    Body("hidden", "<div style='display:none'>predhlavicka</div><p>Ahoj svete</p>"),
    Body("hebrew", "<p>\u05e9\u05dc\u05d5\u05dd</p><p>Ahoj svete</p>", ("\u05e9\u05dc\u05d5\u05dd", "svete"),
         ("\u05e9\u05dc\u05d5\u05dd", "direction", "rtl")),
    Body("arabic", "<div>\u0645\u0631\u062d\u0628\u0627 123</div>", ("\u0645\u0631\u062d\u0628\u0627",),
         ("\u0645\u0631\u062d\u0628\u0627", "direction", "rtl")),
    Body("rtl", "<p dir=RTL>Ahoj svete</p>", look=("Ahoj", "direction", "rtl")),
    Body("ltr", "<p>Ahoj svete</p>", look=("Ahoj", "direction", "ltr")),
    Body("border", "<p style='border:1px solid rgb(1,2,3);padding:4px'>Ahoj svete", look=("Ahoj", "borderTopColor", "rgb(1, 2, 3)")),
]
BODIES = [
    *(_around(f"address {name}", PLACES["img"].format(value.format(EVIL)) + PLACES["style"].format(value.format(EVIL)))
      for name, value in ADDRESSES.items()),
    *(_around(f"place {name}", place.format(f"http://{EVIL}/{name}")) for name, place in PLACES.items()),
    *(_around(f"crooked place {name}", place.format(f"/\\{EVIL}/{name}")) for name, place in PLACES.items()),
    *(_around(f"running {number}", html) for number, html in enumerate(RUNNING)),
    *(_around(f"escaping {number}", html) for number, html in enumerate(ESCAPING)),
    *UGLY, *LOOKS,
]
