import { FileModel } from "@web/core/file_viewer/file_model";
import { user } from "@web/core/user";

/** Attachment of the server's payload as Odoo's file viewer wants it. */
export function toFile({ id, name, mimetype, checksum }) {
    return Object.assign(new FileModel(), { id, name, mimetype, checksum, type: "binary" });
}

/** Three or four letters that stand for the kind of a file: "PDF", "ZIP", "DOCX". */
export function fileBadge({ name, mimetype }) {
    const extension = name.includes(".") ? name.split(".").pop() : mimetype.split("/").pop();
    return (extension || "?").slice(0, 4).toUpperCase();
}

/** "184 kB", "1.2 MB", in the reader's way of writing numbers. */
export function fileSize(size) {
    let value = size || 0;
    let unit = 0;
    const units = ["B", "kB", "MB", "GB"];
    while (value >= 1000 && unit < units.length - 1) {
        value /= 1000;
        unit++;
    }
    const digits = value < 10 && unit ? 1 : 0;
    return `${new Intl.NumberFormat(user.lang, { maximumFractionDigits: digits }).format(value)} ${units[unit]}`;
}
