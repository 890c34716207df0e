using System.Text;

namespace Sessiond.Bench;

/// <summary>What programs print, as a file of about a megabyte. Deterministic.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Path">The file.</param>
/// <param name="PrintedBytes">Bytes of one copy on the terminal: the line discipline turns LF into CR LF.</param>
internal sealed record Payload(string Name, string Path, long PrintedBytes)
{
    private const int TargetBytes = 1_000_000;
    private const string Ideographs = "端末は接続が切れても生き続ける。会话保持原样终端模拟器正确地处理宽字符터미널은계속살아있다";

    private static readonly string[] Emoji = ["😀", "🚀", "👩‍💻", "🇩🇪", "❤️", "👍🏽"];

    /// <summary>Log lines; a coloured build log; ideographs and emoji; full-screen redraws.</summary>
    internal static IEnumerable<Payload> WriteAll(string folder, Predicate<string> wanted) =>
        Generators.Where(generator => wanted(generator.Name)).Select(generator => Write(folder, generator.Name, generator.Append));

    private static readonly (string Name, Action<StringBuilder, Random> Append)[] Generators =
    [
        ("ascii", AppendLog),
        ("sgr", AppendBuild),
        ("utf8", AppendText),
        ("redraw", AppendScreen),
    ];

    private static Payload Write(string folder, string name, Action<StringBuilder, Random> append)
    {
        var random = new Random(20261122);
        var text = new StringBuilder();
        while (text.Length < TargetBytes / (name == "utf8" ? 3 : 1)) append(text, random);
        byte[] bytes = Encoding.UTF8.GetBytes(text.ToString());
        string path = System.IO.Path.Combine(folder, $"payload-{name}");
        File.WriteAllBytes(path, bytes);
        return new Payload(name, path, bytes.Length + bytes.AsSpan().Count((byte)'\n'));
    }

    private static void AppendLog(StringBuilder text, Random random) => text.Append(
        $"2026-11-22T10:{random.Next(60):00}:{random.Next(60):00}.{random.Next(1000):000}Z INFO  [worker-{random.Next(8)}] " +
        $"request id={random.Next():x8} method=GET path=/api/v2/orders/{random.Next(100000)} status=200 duration={random.Next(500)}ms\n");

    private static void AppendBuild(StringBuilder text, Random random)
    {
        string file = $"src/module{random.Next(40)}/component_{random.Next(1000)}.cc";
        text.Append($"\e[1m[{random.Next(1000),4}/1000]\e[0m \e[32mCompiling\e[0m {file}\n");
        if (random.Next(3) != 0) return;
        text.Append($"\e[1m{file}:{random.Next(900)}:{random.Next(80)}: \e[0m\e[0;1;35mwarning: \e[0m\e[1munused variable \e[38;5;{random.Next(256)}m'x{random.Next(100)}'\e[0m\n");
        text.Append($"    int x = \e[38;2;{random.Next(256)};{random.Next(256)};{random.Next(256)}m{random.Next(10000)}\e[39m;\n    \e[0;1;32m    ^\e[0m\n");
    }

    private static void AppendText(StringBuilder text, Random random)
    {
        for (int run = random.Next(2, 6); run > 0; run--)
        {
            int start = random.Next(Ideographs.Length - 8);
            text.Append(Ideographs, start, random.Next(4, 8)).Append(' ').Append(Emoji[random.Next(Emoji.Length)]).Append(" naïve café ");
        }

        text.Append('\n');
    }

    /// <summary>As htop or vim would: every row addressed, coloured and cleared to its end, no line feeds.</summary>
    private static void AppendScreen(StringBuilder text, Random random)
    {
        text.Append("\e[?25l\e[H");
        for (int row = 1; row <= 24; row++)
        {
            text.Append($"\e[{row};1H\e[{30 + random.Next(8)};{40 + random.Next(8)}m{random.Next(100000),6} user \e[0;1m");
            text.Append('|', random.Next(30)).Append($"\e[0m {random.Next(1000)}M {random.Next(100)}.{random.Next(10)}% ./server --port {random.Next(9999)}\e[K");
        }

        text.Append("\e[?25h");
    }
}
