using System.Text;
using Sessiond.Pty;

namespace Sessiond.Hooks.AutoCommit;

/// <summary>How a run of git ended, and what it printed.</summary>
/// <param name="Name">What ran, for messages: <c>git push</c>.</param>
/// <param name="Status">Its end.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error, bounded and without passwords.</param>
internal sealed record GitResult(string Name, ExitStatus Status, byte[] Output, string Error)
{
    /// <summary>It exited with 0.</summary>
    internal bool Ok => Status.Code == 0;

    /// <summary>The first line of the output.</summary>
    internal string Line => Text.Split('\n', 2)[0];

    /// <summary>The output as UTF-8.</summary>
    internal string Text => Encoding.UTF8.GetString(Output);

    /// <summary>The output's parts that end with NUL, each byte one character.</summary>
    internal IEnumerable<string> Fields
    {
        get
        {
            string text = Encoding.Latin1.GetString(Output);
            for (int start = 0; start < text.Length;)
            {
                int end = text.IndexOf('\0', start);
                if (end < 0) end = text.Length;
                yield return text[start..end];
                start = end + 1;
            }
        }
    }

    /// <summary>What it said when it failed; never empty.</summary>
    internal string Words => Error.Length > 0 ? Error : $"{Name} {Status}";

    /// <summary>This result, if it is a success.</summary>
    /// <exception cref="GitException">It is not.</exception>
    internal GitResult OrThrow() => Ok ? this : throw new GitException(Words);
}
