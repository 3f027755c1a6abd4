"""Somebody's words inside another text: forwarded, or on paper. Nothing in them is fetched from strangers' servers."""

from markupsafe import Markup

from . import html_cleaner, html_pictures, mail_text


def strip_remote(body, picture, plain=False):
    """Return HTML that fetches nothing: its own pictures by ``picture(attachment id)``, all others are left out.

    :param picture: gives the new address (``/web/image/7``, ``data:image/png;base64,…``), or None to leave it out
    :param plain: without class names, which would meet styles and scripts of the page around it
    """
    return html_pictures.rewrite(html_cleaner.clean(body, own=not plain, stored=True), picture, drop=True)


def quote(title, headers, body):
    """Return a text as it is quoted below one's own: a line, its headers, the text itself.

    :param headers: list of ``(label, value)``; empty values are left out
    :param Markup body: what :func:`strip_remote` returned
    """
    lines = Markup("<br/>").join(
        Markup("<b>{}:</b> {}").format(label, value) for label, value in headers if value)
    return Markup("<p>---------- {} ----------<br/>{}</p>{}").format(title, lines, Markup(body))


def summary(headers, body, length=500):
    """Return who said what, when, in a few lines: the heads in one, then the first words."""
    head = Markup(" · ").join(Markup("<b>{}</b>").format(value) for value in headers if value)
    return Markup('<blockquote class="o_sd_summary"><p>{}</p><p>{}</p></blockquote><p><br/></p>').format(
        head, mail_text.preview(body, length))
