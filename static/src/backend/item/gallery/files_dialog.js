import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { useService } from "@web/core/utils/hooks";
import { exactTime, readTime, shortTime } from "../../common/dates";
import { fileBadge, fileSize, toFile } from "../../common/files";
import { putOnClientCard } from "./client_card";
import { pictures } from "./ticket_gallery";
import { useViewer } from "./viewer";

const isPicture = (file) => toFile(file).isImage;

const FILTERS = {
    all: (file) => !file.inline,
    pictures: (file) => !file.inline && isPicture(file),
    documents: (file) => !file.inline && !isPicture(file),
    inline: (file) => file.inline,
};

/** Letters as one searches for them: small, without accents. */
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** All files of a ticket: find, look at, take away as ZIP, put on the client's card, jump to where they came from. */
export class FilesDialog extends Component {
    static template = "servicedesk.FilesDialog";
    static components = { Dialog };
    static props = {
        ticketId: Number,
        showItem: { type: Function, optional: true }, // (item id)
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.viewer = useViewer();
        this.state = useState({ files: [], filter: "all", words: "", chosen: new Set() });
        onWillStart(() => this.load());
    }

    async load() {
        this.state.files = await this.orm.call("servicedesk.timeline", "get_files", [this.props.ticketId]);
        const known = new Set(this.state.files.map(({ id }) => id));
        this.state.chosen = new Set([...this.state.chosen].filter((id) => known.has(id)));
    }

    get title() {
        return _t("Files (%s)", this.state.files.filter(FILTERS.all).length);
    }

    get filters() {
        const count = (id) => this.state.files.filter(FILTERS[id]).length;
        return [
            { id: "all", label: _t("All") },
            { id: "pictures", label: _t("Pictures") },
            { id: "documents", label: _t("Documents") },
            { id: "inline", label: _t("In the text") },
        ]
            .map((chip) => ({ ...chip, count: count(chip.id) }))
            .filter((chip) => chip.id === "all" || chip.count);
    }

    get files() {
        const words = plain(this.state.words).split(/\s+/).filter(Boolean);
        return this.state.files
            .filter(FILTERS[this.state.filter])
            .filter(({ name }) => words.every((word) => plain(name).includes(word)))
            .map((file) => ({ ...file, ...this.describe(file) }));
    }

    describe({ id, name, mimetype, size, item }) {
        const date = readTime(item.date);
        const icons = { in: "oi-arrow-down-left", out: "oi-arrow-up-right" };
        return {
            isPicture: isPicture({ mimetype }),
            badge: fileBadge({ name, mimetype }),
            thumbnail: `/web/image/${id}/112x80`,
            readableSize: fileSize(size),
            url: toFile({ id, name, mimetype }).downloadUrl,
            icon: icons[item.direction] || "",
            time: shortTime(date),
            selectLabel: _t("Select %s", name),
            sourceLabel: _t("Show the message of %(author)s, %(time)s", { author: item.author, time: exactTime(date) }),
        };
    }

    // ------------------------------------------------------------------ choosing

    get allChosen() {
        const { files } = this;
        return Boolean(files.length) && files.every(({ id }) => this.state.chosen.has(id));
    }

    toggle(id) {
        if (!this.state.chosen.delete(id)) {
            this.state.chosen.add(id);
        }
    }

    toggleAll() {
        const { allChosen } = this;
        for (const { id } of this.files) {
            allChosen ? this.state.chosen.delete(id) : this.state.chosen.add(id);
        }
    }

    /** Ids in the order of the list, also of chosen files that the filter hides now. */
    get chosenIds() {
        return this.state.files.map(({ id }) => id).filter((id) => this.state.chosen.has(id));
    }

    get zipUrl() {
        const { chosenIds } = this;
        const some = chosenIds.length && chosenIds.length < this.state.files.length;
        return `/servicedesk/ticket/${this.props.ticketId}/files.zip${some ? `?ids=${chosenIds.join(",")}` : ""}`;
    }

    get zipLabel() {
        const count = this.chosenIds.length;
        return count ? _t("Download as ZIP (%s)", count) : _t("Download all as ZIP");
    }

    get cardLabel() {
        return _t("To customer documents… (%s)", this.chosenIds.length);
    }

    // -------------------------------------------------------------------- acting

    open(ev, { id }) {
        const file = this.state.files.find((one) => one.id === id);
        const models = (isPicture(file) ? this.gallery(id) : [file]).map(toFile);
        const model = models.find((one) => one.id === id);
        if (model.isViewable) {
            ev.preventDefault();
            this.viewer.open(model, models);
        }
    }

    /** All pictures of the ticket, with this one even where it repeats another. */
    gallery(id) {
        const all = pictures(this.state.files);
        const file = this.state.files.find((one) => one.id === id);
        return all.some((one) => one.id === id) ? all : all.map((one) => (one.checksum === file.checksum ? file : one));
    }

    jump({ item }) {
        this.props.close();
        this.props.showItem?.(item.id);
    }

    async putOnCard() {
        await putOnClientCard(this, this.chosenIds, () => {
            this.state.chosen = new Set();
            return this.load();
        });
    }
}
