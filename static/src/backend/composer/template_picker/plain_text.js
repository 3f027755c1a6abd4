const BLOCKS = new Set("BLOCKQUOTE DIV H1 H2 H3 H4 H5 H6 LI OL P PRE TABLE TR UL".split(" "));
const EDGE = "\ue000"; // for private use: the edge of a block; several of them side by side are one end of line

/** The text of a template as it reads without its looks: a line for each paragraph, a dash before what is listed. */
export function plainText(html) {
    // A parsed document is inert: nothing in it loads or runs.
    const { body } = new DOMParser().parseFromString(html, "text/html");
    return plain(collect(body));
}

function plain(text) {
    return text
        .replace(/\u00a0/g, " ")
        .replace(/[\ue000 ]+/g, (run) => (run.includes(EDGE) ? "\n" : run))
        .split("\n")
        .map((line) => line.trim())
        .join("\n")
        .replace(/\n{3,}/g, "\n\n")
        .trim();
}

function collect(node) {
    return [...node.childNodes].map(read).join("");
}

function read(node) {
    if (node.nodeType === Node.TEXT_NODE) {
        return node.nodeValue.replace(/[ \t\r\n]+/g, " ");
    }
    if (node.nodeName === "BR") {
        return "\n";
    }
    if (node.nodeName === "A") {
        const [text, link] = [collect(node), node.getAttribute("href") || ""];
        return !/^https?:/.test(link) || text.includes(link) ? text : `${text} ${link}`;
    }
    const text = node.nodeName === "LI" ? `- ${plain(collect(node))}` : collect(node);
    return BLOCKS.has(node.nodeName) ? EDGE + text + EDGE : text;
}
