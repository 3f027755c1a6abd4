import { Component, onWillDestroy, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { FileViewer } from "@web/core/file_viewer/file_viewer";
import { useActiveElement } from "@web/core/ui/ui_service";

const components = registry.category("main_components");
let lastId = 0;

/** Odoo's file viewer, in possession of the keyboard: also above a dialog, and the focus returns when it closes. */
class Viewer extends Component {
    static template = xml`<div class="o_sd_viewer" t-ref="viewer"><FileViewer t-props="props" /></div>`;
    static components = { FileViewer };
    static props = ["*"];

    setup() {
        useActiveElement("viewer");
    }
}

/** @returns {{open: (file: FileModel, files?: FileModel[]) => void, close: () => void}} */
export function useViewer() {
    const name = `servicedesk.viewer${++lastId}`;

    function close() {
        components.remove(name);
    }

    function open(file, files = [file]) {
        close();
        const viewable = files.filter((one) => one.isViewable);
        if (viewable.includes(file)) {
            const props = { files: viewable, startIndex: viewable.indexOf(file), close };
            components.add(name, { Component: Viewer, props });
        }
    }

    onWillDestroy(close);
    return { open, close };
}
