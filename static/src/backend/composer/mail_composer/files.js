import { useRef, useState } from "@odoo/owl";
import { useDropzone } from "@web/core/dropzone/dropzone_hook";
import { useBus, useService } from "@web/core/utils/hooks";
import { showsAttachment } from "../../common/mail_body";

const UPLOAD_ROUTE = "/web/binary/upload_attachment";

/** The files of a draft: chosen, dropped or pasted, uploaded at once; they belong to the draft from the beginning. */
class DraftFiles {
    constructor(draft, { upload, orm, input }) {
        Object.assign(this, { draft, upload, orm, input });
        this.own = new Set();
        this.uploads = useState(upload.uploads);
    }

    /** Those that are not shown in the text already. */
    get shown() {
        const { attachments, body } = this.draft.form;
        return attachments.filter((file) => !showsAttachment(body, file.id));
    }

    get running() {
        return Object.values(this.uploads).filter((upload) => this.own.has(upload.id));
    }

    percent(upload) {
        return Math.round((upload.progress || 0) * 100);
    }

    choose() {
        this.input.el.click();
    }

    onChosen(ev) {
        this.add([...ev.target.files]);
        ev.target.value = "";
    }

    /** Pasted files that are no pictures (those the editor takes) become attachments. */
    onPaste(ev) {
        const files = [...(ev.clipboardData?.files || [])].filter((file) => !file.type.startsWith("image/"));
        if (files.length) {
            ev.preventDefault();
            ev.stopPropagation();
            this.add(files);
        }
    }

    async add(files) {
        const { draft } = this;
        draft.state.error = "";
        if (!files.length) {
            return;
        }
        try {
            draft.readScreen();
            await draft.stored.save({ force: true });
        } catch (error) {
            draft.fail(error);
            return;
        }
        for (const file of files) {
            const upload = await this.upload.upload(UPLOAD_ROUTE, [file], {
                buildFormData: (data) => {
                    data.append("model", "servicedesk.item");
                    data.append("id", draft.stored.id);
                },
            });
            this.own.add(upload.id);
        }
    }

    onUploaded(upload) {
        if (!this.own.has(upload.id)) {
            return;
        }
        for (const { id, filename: name, mimetype, size, error } of JSON.parse(upload.xhr.response)) {
            if (error) {
                this.draft.state.error = error;
            } else {
                this.draft.stored.attachments.push({ id, name, mimetype, size });
            }
        }
    }

    async remove(id) {
        const { stored } = this.draft;
        try {
            await this.orm.unlink("ir.attachment", [id]);
            stored.attachments = stored.attachments.filter((file) => file.id !== id);
        } catch (error) {
            this.draft.fail(error);
        }
    }
}

/** Called in the set-up of a composer whose template has the input `fileInput`. */
export function useDraftFiles(draft) {
    const services = { upload: useService("file_upload"), orm: useService("orm"), input: useRef("fileInput") };
    const files = new DraftFiles(draft, services);
    useBus(services.upload.bus, "FILE_UPLOAD_LOADED", ({ detail }) => files.onUploaded(detail.upload));
    useDropzone(draft.root, (ev) => files.add([...ev.dataTransfer.files]), "o_sd_dropzone");
    return files;
}
