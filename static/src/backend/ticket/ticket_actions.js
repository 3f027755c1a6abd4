import { onMounted, onWillUnmount, toRaw } from "@odoo/owl";

/**
 * What can be done on the screen of one ticket, by name: whoever can do something adds it while it stands there, keys
 * and the command palette call it. Of two with one name the first counts.
 */
export class TicketActions {
    constructor() {
        this.added = new Map();
        this.isPaused = () => false; // while the form carries something out
    }

    /**
     * @param {string} name
     * @param {() => any} run
     * @param {Object} [options]
     * @param {boolean} [options.pauses] not while the form carries something out
     * @param {() => boolean} [options.isThere]
     * @returns {() => void} takes it away again
     */
    add(name, run, { pauses = false, isThere = () => true } = {}) {
        const action = { run, pauses, isThere };
        this.added.set(name, [...(this.added.get(name) || []), action]);
        return () => {
            const others = this.added.get(name).filter((other) => other !== action);
            this.added.set(name, others);
        };
    }

    find(name) {
        return (this.added.get(name) || []).find(({ isThere }) => isThere());
    }

    has(name) {
        return Boolean(this.find(name));
    }

    run(name) {
        const found = this.find(name);
        if (found && !(found.pauses && this.isPaused())) {
            return found.run();
        }
    }
}

const byModel = new WeakMap();

/** The actions of the form in which this record is shown; without one, some of one's own. */
export function ticketActionsOf(record) {
    if (!record) {
        return new TicketActions();
    }
    const model = toRaw(record.model);
    byModel.has(model) || byModel.set(model, new TicketActions());
    return byModel.get(model);
}

/** Add actions, `{name: run}`, as long as the component is mounted. */
export function useTicketActions(actions, runs, options) {
    let removers = [];
    onMounted(() => {
        removers = Object.entries(runs).map(([name, run]) => actions.add(name, run, options));
    });
    onWillUnmount(() => removers.forEach((remove) => remove()));
}
