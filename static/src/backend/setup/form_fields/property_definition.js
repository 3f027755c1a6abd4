import { patch } from "@web/core/utils/patch";
import { PropertyDefinition } from "@web/views/fields/properties/property_definition";

/** Form fields of a category can be required before closing, and shown to the customer. */
patch(PropertyDefinition.prototype, {
    get isTicketForm() {
        return this.props.record?.resModel === "servicedesk.ticket";
    },

    onMarkChange(mark, value) {
        const propertyDefinition = { ...this.state.propertyDefinition, [mark]: value };
        this.props.onChange(propertyDefinition);
        this.state.propertyDefinition = propertyDefinition;
    },
});
