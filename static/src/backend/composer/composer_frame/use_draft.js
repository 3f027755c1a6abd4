import { onWillStart, onWillUnmount, useComponent, useExternalListener } from "@odoo/owl";
import { useBus, useService } from "@web/core/utils/hooks";
import { OpenDraft } from "./open_draft";
import { Sending } from "./sending";

/** Open composers put the promise of their save into the list that comes along. */
export const SAVE_DRAFT = "SERVICEDESK:SAVE_DRAFT";

/**
 * Called in the set-up of a composer: opens its draft, keeps it stored, and sends it (`draft.sending`).
 *
 * @param {Object} channel what the composer says of itself; only `makeDraft` must be there
 * @param {(values: Object, store: Function) => StoredDraft} channel.makeDraft of what the server gave
 * @param {boolean} [channel.leaves] it goes to somebody outside: it can be sent later, and a colleague's answer
 *      meanwhile is asked about
 * @param {boolean} [channel.announces] says what others have said meanwhile
 * @param {boolean} [channel.shareable]
 * @param {() => void} [channel.onOpened] the draft is here, nothing is shown yet
 * @param {() => Promise<void>} [channel.prepareSaving] stores what has to be before the draft can be
 * @param {() => void} [channel.readScreen] brings into the draft what the screen alone knows
 * @param {() => string} [channel.obstacle] what is in the way of sending, in words, or nothing
 * @param {() => string[]} [channel.findMissing] names of the variables in the text that have no value yet
 * @param {(names: string[]) => void} [channel.showMissing] selects the first of them
 * @returns {OpenDraft}
 */
export function useDraft(channel) {
    const component = useComponent();
    const services = { orm: useService("orm"), notification: useService("notification") };
    const draft = new OpenDraft(component, channel, services);
    draft.sending = new Sending(draft);
    onWillStart(() => draft.open());
    onWillUnmount(() => draft.leave());
    useBus(component.env.bus, SAVE_DRAFT, ({ detail }) => detail.push(draft.save()));
    useExternalListener(window, "pagehide", () => draft.saveUrgently());
    return draft;
}
