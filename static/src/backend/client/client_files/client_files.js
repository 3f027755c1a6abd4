import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { fileSize } from "../../common/files";
import { withClientFiles } from "./upload";

registry.category("views").add("servicedesk_client_gallery", {
    ...kanbanView,
    Controller: withClientFiles(KanbanController),
    buttonTemplate: "servicedesk.ClientGallery.Buttons",
});

registry.category("views").add("servicedesk_client_documents", {
    ...listView,
    Controller: withClientFiles(ListController),
    buttonTemplate: "servicedesk.ClientDocuments.Buttons",
});

/** "184 kB" for a number of bytes. */
class FileSizeField extends Component {
    static template = "servicedesk.FileSizeField";
    static props = { ...standardFieldProps };

    get size() {
        return fileSize(this.props.record.data[this.props.name]);
    }
}

registry.category("fields").add("servicedesk_file_size", { component: FileSizeField, supportedTypes: ["integer"] });
