/** Days and times between what is typed and moments. Pure; by this browser's time zone. */

/** The moment of a day and a time as they were typed, or null. */
export function timeOf({ date, time }: { date: string; time: string }): number | null {
  const day = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date.trim());
  const clock = /^(\d{1,2}):(\d{2})$/.exec(time.trim());
  if (day === null || clock === null) return null;
  const [year = 0, month = 0, dayOfMonth = 0] = day.slice(1).map(Number);
  const [hour = 0, minute = 0] = clock.slice(1).map(Number);
  const at = new Date(year, month - 1, dayOfMonth, hour, minute);
  const isReal = at.getMonth() === month - 1 && at.getDate() === dayOfMonth && hour < 24 && minute < 60;
  return isReal ? at.getTime() : null;
}

/** A moment as the boxes for day and time spell it. */
export function dateAndTime(at: number): { date: string; time: string } {
  const when = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  return {
    date: `${when.getFullYear()}-${two(when.getMonth() + 1)}-${two(when.getDate())}`,
    time: `${two(when.getHours())}:${two(when.getMinutes())}`,
  };
}
