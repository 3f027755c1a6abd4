/** Seconds as a clock: `4:37`, `1:04:37`. */
export function formatDuration(seconds) {
    const whole = Math.max(0, Math.round(seconds || 0));
    const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
    const two = (number) => String(number).padStart(2, "0");
    return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** What somebody typed as a duration, in seconds: `5` and `5 min` are minutes, `4:37`, `1:04:37`; else null. */
export function parseDuration(text) {
    const match = (text || "").trim().match(/^(?:(?:(\d+):)?(\d{1,3}):(\d{1,2})|(\d{1,4})(?:\s*\p{L}+\.?)?)$/u);
    if (!match) {
        return (text || "").trim() ? null : 0;
    }
    const [, hours = 0, minutes = 0, seconds = 0, plain] = match;
    return plain ? Number(plain) * 60 : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}
