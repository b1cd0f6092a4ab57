/** A short two-tone sound for new messages, made by WebAudio: no file, and no autoplay before the user did something. */

export type Sound = { play: () => void };

const gapMs = 1_500;
const tones = [
  { frequency: 660, startsAt: 0 },
  { frequency: 880, startsAt: 0.09 },
] as const;

export const createSound = (browser: Window & typeof globalThis, isOn: () => boolean): Sound => {
  let audio: AudioContext | null = null;
  let lastAt = 0;

  // Browsers allow sound only after a gesture; the context is made in the first one and kept.
  const allow = (): void => {
    browser.removeEventListener('pointerdown', allow);
    browser.removeEventListener('keydown', allow);
    const Context = audioContextOf(browser);
    audio ??= Context === null ? null : new Context();
  };
  browser.addEventListener('pointerdown', allow);
  browser.addEventListener('keydown', allow);

  return {
    play: () => {
      if (audio === null || !isOn() || Date.now() - lastAt < gapMs) return;
      lastAt = Date.now();
      // Suspended again by the system (a call, a long sleep): resumed without waiting, the next one will be heard.
      if (audio.state === 'suspended') void audio.resume().catch(() => undefined);
      for (const { frequency, startsAt } of tones) playTone(audio, frequency, audio.currentTime + startsAt);
    },
  };
};

const audioContextOf = (browser: Window & typeof globalThis): typeof AudioContext | null => {
  if ('AudioContext' in browser) return browser.AudioContext;
  // Safari 14 has it under its old name only, which TypeScript's DOM does not list.
  return (browser as { webkitAudioContext?: typeof AudioContext }).webkitAudioContext ?? null;
};

const playTone = (audio: AudioContext, frequency: number, at: number): void => {
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.type = 'sine';
  tone.frequency.value = frequency;
  volume.gain.setValueAtTime(0.0001, at);
  volume.gain.exponentialRampToValueAtTime(0.12, at + 0.015);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.22);
  tone.connect(volume).connect(audio.destination);
  tone.start(at);
  tone.stop(at + 0.24);
};
