import { FileInput } from "@web/core/file_input/file_input";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { toFile } from "../../common/files";
import { useViewer } from "../../item/gallery/viewer";

/** Records of the loaded page as files of Odoo's viewer. */
function toFiles(records) {
    return records.map(({ resId, data }) =>
        Object.assign(toFile({ id: data.attachment_id.id, name: data.name, mimetype: data.mimetype }), { resId }),
    );
}

/** A view of client's files: uploads go straight to the card, a click shows the file. */
export const withClientFiles = (Controller) =>
    class extends Controller {
        static components = { ...Controller.components, FileInput };

        setup() {
            super.setup();
            this.orm = useService("orm");
            this.notification = useService("notification");
            this.viewer = useViewer();
        }

        get canUpload() {
            return Boolean(this.props.context.default_partner_id);
        }

        async onUpload(uploads) {
            for (const { error } of uploads.filter((upload) => upload.error)) {
                this.notification.add(error, { type: "danger" });
            }
            const ids = uploads.filter(({ id }) => id).map(({ id }) => id);
            if (!ids.length) {
                return;
            }
            const { default_partner_id: clientId, default_kind: kind } = this.props.context;
            await this.orm.call("servicedesk.client.file", "add_uploads", [clientId, ids, kind]);
            await this.model.root.load();
            const missing = uploads.filter(({ mimetype }) => mimetype && !mimetype.startsWith("image/"));
            if (kind === "gallery" && missing.length) {
                this.notification.add(_t("Saved as documents, because they are not pictures: %s", missing.length));
            }
        }

        async openRecord(record, ...rest) {
            const files = toFiles(this.model.root.records);
            const file = files.find(({ resId }) => resId === record.resId);
            if (file?.isViewable) {
                const others = file.isImage ? files.filter(({ isImage }) => isImage) : [file];
                this.viewer.open(file, others);
            } else {
                await super.openRecord(record, ...rest);
            }
        }
    };
