import { FileModel } from "@web/core/file_viewer/file_model";
import { humanSize } from "@web/core/utils/binary";

/** Attachment of the server's payload as Odoo's file viewer wants it. */
export function toFile({ id, name, mimetype }) {
    return Object.assign(new FileModel(), { id, name, mimetype, type: "binary" });
}

/** Three or four letters that stand for the kind of a file: "PDF", "ZIP", "DOCX". */
export function fileBadge({ name, mimetype }) {
    const extension = name.includes(".") ? name.split(".").pop() : mimetype.split("/").pop();
    return (extension || "?").slice(0, 4).toUpperCase();
}

export function fileSize(size) {
    return humanSize(size || 0);
}
