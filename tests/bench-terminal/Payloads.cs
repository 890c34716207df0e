using System.Text;

namespace Sessiond.Terminal.Benchmarks;

/// <summary>The four streams that the figures are given for; made by a seed, so that they are the same everywhere.</summary>
internal static class Payloads
{
    /// <summary>Size of each payload; larger than the caches.</summary>
    private const int Bytes = 32 << 20;

    private static readonly string[] _words =
        "Compiling linking warning unused variable crate module function tests passed failed building target release debug src main.rs node_modules index.ts done in 1.25s"
            .Split(' ');

    private static readonly string[] _emoji = ["😀", "🚀", "👩‍💻", "🇩🇪", "❤️", "👍🏽"];

    /// <summary>Lines of a log, 40 to 120 characters.</summary>
    public static byte[] PlainLog() => Make((random, text) =>
    {
        text.Append($"2026-03-01T12:{random.Next(60):00}:{random.Next(60):00}.{random.Next(1000):000}Z INFO ");
        AppendWords(random, text, random.Next(3, 12));
        text.Append("\r\n");
    });

    /// <summary>A build's log: a coloured word or two in each line.</summary>
    public static byte[] ColouredLog() => Make((random, text) =>
    {
        text.Append($"\e[1m\e[3{random.Next(1, 7)}m{_words[random.Next(_words.Length)],12}\e[0m ");
        AppendWords(random, text, random.Next(2, 6));
        text.Append($" \e[38;5;{random.Next(256)}m{_words[random.Next(_words.Length)]}\e[0m (\e[90m{random.Next(10000)} ms\e[39m)\r\n");
    });

    /// <summary>Japanese, Chinese and Korean text with emoji.</summary>
    public static byte[] Wide() => Make((random, text) =>
    {
        for (int i = random.Next(10, 40); i > 0; i--)
        {
            text.Append(random.Next(10) switch
            {
                0 => char.ConvertFromUtf32(0x1F600 + random.Next(64)),
                < 4 => char.ConvertFromUtf32(0xAC00 + random.Next(11000)),
                _ => char.ConvertFromUtf32(0x4E00 + random.Next(20000)),
            });
        }

        text.Append("\r\n");
    });

    /// <summary>Text of several scripts with short runs of each, accents, and emoji of one and of several code points.</summary>
    public static byte[] Scripts() => Make((random, text) =>
    {
        for (int run = random.Next(2, 6); run > 0; run--)
        {
            for (int i = random.Next(4, 8); i > 0; i--) text.Append((char)(0x4E00 + random.Next(20000)));
            text.Append(' ').Append(_emoji[random.Next(_emoji.Length)]).Append(" naïve café ");
        }

        text.Append("\r\n");
    });

    /// <summary>A program that draws the whole screen again and again, with positions and colours.</summary>
    public static byte[] Redraws() => Make((random, text) =>
    {
        for (int row = 1; row <= 24; row++)
        {
            text.Append($"\e[{row};1H\e[{30 + random.Next(8)};{40 + random.Next(8)}m");
            AppendWords(random, text, 5);
            text.Append("\e[0m\e[K");
        }
    });

    private static void AppendWords(Random random, StringBuilder text, int count)
    {
        for (; count > 0; count--)
        {
            text.Append(_words[random.Next(_words.Length)]).Append(' ');
        }
    }

    private static byte[] Make(Action<Random, StringBuilder> line)
    {
        var random = new Random(1);
        var text = new StringBuilder();
        while (text.Length < Bytes)
        {
            line(random, text);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
