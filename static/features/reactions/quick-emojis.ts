/** What most people react with in an office: agreed, love it, funny, well done, thank you, done. */
export const quickEmojis = ['👍️', '❤️', '😂', '👏', '🙏', '✅️'] as const;
