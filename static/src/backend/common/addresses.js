const EMAIL = /^[^\s<>()[\],;:"'\\@]+@[^\s<>()[\],;:"'\\@]+\.[^\s<>()[\],;:"'\\@]+$/;
const SPECIAL = /[()<>[\]:;@\\,."]/;

/**
 * One recipient as a chip. `email` is empty where the text is no address; `raw` keeps what was typed,
 * so that nothing is lost before it is mended.
 *
 * @typedef {{name: string, email: string, raw: string}} Address
 */

/** Cut a header-like list at commas, semicolons and line ends that stand outside of quotes and brackets. */
function split(text) {
    const parts = [];
    let part = "";
    let quoted = false;
    let depth = 0;
    for (const char of text) {
        if (char === '"') {
            quoted = !quoted;
        } else if (!quoted && (char === "<" || char === "(")) {
            depth++;
        } else if (!quoted && (char === ">" || char === ")")) {
            depth = Math.max(0, depth - 1);
        }
        if (!quoted && !depth && /[,;\n]/.test(char)) {
            parts.push(part);
            part = "";
        } else {
            part += char;
        }
    }
    return [...parts, part].map((piece) => piece.trim()).filter(Boolean);
}

/** `{after, name}` of `a@b.cz (Name)`, or null: the first word, and what stands in brackets up to the end. */
function bracketed(raw) {
    const text = raw.trimEnd();
    const word = text.match(/^\S+/)?.[0] || "";
    const behind = text.length - text.slice(word.length).trimStart().length;
    const open = text[behind] === "(" ? behind : word.lastIndexOf("(");
    if (open < 1 || !text.endsWith(")") || open === text.length - 1) {
        return null;
    }
    return { after: word.slice(0, open), name: text.slice(open + 1, -1) };
}

/** Understands `a@b.cz`, `Name <a@b.cz>`, `"Last, First" <a@b.cz>` and `a@b.cz (Name)`. */
export function parseAddress(raw) {
    const match = raw.match(/^(.*?)<([^<>]*)>\s*$/s);
    const found = match ? { name: match[1], after: match[2] } : bracketed(raw);
    let [name, email] = found ? [found.name, found.after] : ["", raw];
    email = email.trim();
    name = name
        .trim()
        .replace(/^"(.*)"$/s, "$1")
        .replace(/\\(.)/g, "$1");
    return EMAIL.test(email) ? { name, email, raw } : { name: "", email: "", raw };
}

/** @returns {Address[]} each address once */
export function parseAddresses(text) {
    const seen = new Set();
    return split(text || "")
        .map(parseAddress)
        .filter(({ email, raw }) => {
            const key = (email || raw).toLowerCase();
            return !seen.has(key) && seen.add(key);
        });
}

export function formatAddress({ name, email, raw }) {
    if (!email) {
        return raw;
    }
    if (!name || name === email) {
        return email;
    }
    if (bracketed(raw || "")?.after.includes("@")) {
        return `${email} (${name})`; // typed so: the server keeps this person as a contact
    }
    const safe = SPECIAL.test(name) ? `"${name.replace(/(["\\])/g, "\\$1")}"` : name;
    return `${safe} <${email}>`;
}

export function formatAddresses(list) {
    return list.map(formatAddress).join(", ");
}

export function displayName({ name, email, raw }) {
    return name || email || raw;
}
