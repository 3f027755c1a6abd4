import { getFieldsSpec } from "@web/model/relational_model/utils";

/** Names of the fields that the user has changed in the form and not saved. */
async function changedFields(record) {
    await record.isDirty(); // what is being typed counts too
    return new Set(Object.keys(await record.getChanges()));
}

/** Whether a field of the form (not the composer, not the search) has the cursor. */
function isTyping(root) {
    const { activeElement } = document;
    return Boolean(
        activeElement?.closest?.(".o_field_widget") &&
        activeElement.matches("input:not([type=checkbox]), textarea, [contenteditable=true]") &&
        root?.contains(activeElement),
    );
}

/**
 * Let a form follow what others have changed without touching what is being typed in it.
 *
 * @param {Object} record of the form
 * @param {string[]} names of the fields that others have changed
 * @param {HTMLElement} [root] the form's element
 * @returns {Promise<string[]>} those that the user has changed too: they were left as typed
 */
export async function followChanges(record, names, root) {
    const own = await changedFields(record);
    const known = names.filter((name) => name in record.activeFields);
    if (!own.size && !isTyping(root)) {
        await record.load();
        return [];
    }
    await adopt(
        record,
        known.filter((name) => !own.has(name)),
    );
    return known.filter((name) => own.has(name));
}

/** Take the values of the server for these fields, whatever was typed there; everything else stays. */
export async function adopt(record, names) {
    if (!names.length) {
        return;
    }
    const { activeFields, evalContext, fields, model, resId, resModel } = record;
    const chosen = Object.fromEntries(names.map((name) => [name, activeFields[name]]));
    const [values] = await model.orm.webRead(resModel, [resId], {
        specification: getFieldsSpec(chosen, fields, evalContext),
    });
    if (!values) {
        return;
    }
    await model.mutex.exec(() => {
        names.forEach((name) => delete record._changes[name]);
        record._applyValues(values);
        record.dirty = Boolean(Object.keys(record._changes).length);
    });
}
