import { onWillDestroy } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { FileViewer } from "@web/core/file_viewer/file_viewer";

const components = registry.category("main_components");
let lastId = 0;

/**
 * Odoo's file viewer; when it closes, the focus returns to where it was (Odoo's own hook leaves it on the page).
 *
 * @returns {{open: (file: FileModel, files?: FileModel[]) => void, close: () => void}}
 */
export function useViewer() {
    const name = `servicedesk.viewer${++lastId}`;
    let before = null;

    function close() {
        if (components.contains(name)) {
            components.remove(name);
            before?.focus?.({ preventScroll: true });
        }
    }

    function open(file, files = [file]) {
        close();
        const viewable = files.filter((one) => one.isViewable);
        if (viewable.includes(file)) {
            before = document.activeElement;
            const props = { files: viewable, startIndex: viewable.indexOf(file), close };
            components.add(name, { Component: FileViewer, props });
        }
    }

    onWillDestroy(close);
    return { open, close };
}
