import { useChildSubEnv, useEnv } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { toFile } from "../../common/files";
import { useViewer } from "./viewer";

/** Let the components below know which ticket they belong to. `getTicketId` is asked when it is needed. */
export function useTicketEnv(getTicketId) {
    useChildSubEnv({ servicedeskTicketId: getTicketId });
}

/** All pictures among files as the server tells them, the oldest first; a logo in every mail is there once. */
export function pictures(files) {
    const seen = new Set();
    return files
        .toSorted((a, b) => a.item.date.localeCompare(b.item.date) || a.id - b.id)
        .filter(({ mimetype, inline, checksum }) => {
            const repeated = inline && checksum && seen.has(checksum);
            seen.add(checksum);
            return toFile({ mimetype }).isImage && !repeated;
        });
}

/**
 * Lightbox over all pictures of the ticket.
 *
 * @returns {(id: number, files?: FileModel[]) => Promise<void>} shows the picture with this attachment id among
 *      those of the whole ticket, or among `files` where the ticket does not have it (a draft's)
 */
export function useTicketGallery() {
    const env = useEnv();
    const orm = useService("orm");
    const viewer = useViewer();

    return async function open(id, files = []) {
        const ticketId = env.servicedeskTicketId?.();
        let models = files;
        if (ticketId) {
            const found = await orm.silent.call("servicedesk.timeline", "get_files", [ticketId]);
            const checksum = found.find((file) => file.id === id)?.checksum;
            const all = pictures(found);
            const same = all.find((file) => file.id === id) || all.find((file) => checksum === file.checksum);
            if (same && checksum) {
                models = all.map(toFile);
                id = same.id;
            }
        }
        const model = models.find((file) => file.id === id);
        if (model) {
            viewer.open(model, models);
        }
    };
}
