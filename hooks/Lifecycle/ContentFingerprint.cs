using System.Globalization;
using System.IO.Enumeration;
using System.Security.Cryptography;
using System.Text;

namespace Sessiond.Hooks;

/// <summary>Says in one word what a hook's inputs hold, so that a change is seen at the next start.</summary>
public static class ContentFingerprint
{
    /// <summary>Files of one hook that are looked at: a folder such as node_modules named by mistake must not hold up the start.</summary>
    private const int MaxFiles = 10_000;

    /// <summary>Bytes up to which a file's content is read; of a larger one size and time of change count.</summary>
    private const long MaxContent = 8 << 20;

    /// <summary>Fingerprint of a hook's inputs; without inputs, of the commit that is checked out.</summary>
    /// <param name="folder">What they are relative to.</param>
    /// <param name="inputs">Files, folders, or names with <c>*</c> and <c>?</c> in the last part.</param>
    /// <param name="command">The hook's command: a change of it is a change as well.</param>
    public static string Of(string folder, IReadOnlyList<string> inputs, string command)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, command);
        if (inputs.Count == 0) Append(hash, HeadOf(folder) ?? "");
        int budget = MaxFiles;
        foreach (string input in inputs)
        {
            foreach (string path in PathsOf(folder, input))
            {
                if (--budget < 0) break;
                AppendFile(hash, folder, path);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }

    private static IEnumerable<string> PathsOf(string folder, string input)
    {
        string full = Path.GetFullPath(Path.Combine(folder, input));
        if (File.Exists(full)) return [full];
        var below = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };
        if (Directory.Exists(full)) return Directory.EnumerateFiles(full, "*", below).Take(MaxFiles).Order(StringComparer.Ordinal);
        string pattern = Path.GetFileName(full);
        string? parent = Path.GetDirectoryName(full);
        if (parent is null || !Directory.Exists(parent) || pattern.AsSpan().IndexOfAny('*', '?') < 0) return [full];
        return Directory.EnumerateFiles(parent)
            .Where(path => FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(path), ignoreCase: false))
            .Take(MaxFiles)
            .Order(StringComparer.Ordinal);
    }

    private static void AppendFile(IncrementalHash hash, string folder, string path)
    {
        Append(hash, Path.GetRelativePath(folder, path));
        try
        {
            var info = new FileInfo(path);
            if (!info.Exists)
            {
                Append(hash, "absent");
            }
            else if (info.Length > MaxContent)
            {
                Append(hash, string.Create(CultureInfo.InvariantCulture, $"{info.Length} {info.LastWriteTimeUtc.Ticks}"));
            }
            else
            {
                hash.AppendData(File.ReadAllBytes(path));
                hash.AppendData([0]);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Append(hash, "unreadable");
        }
    }

    /// <summary>The commit that is checked out, read without git (which may not be installed); null outside of a repository.</summary>
    private static string? HeadOf(string folder)
    {
        for (string? at = folder; at is not null; at = Path.GetDirectoryName(at))
        {
            string git = Path.Combine(at, ".git");
            try
            {
                // In a worktree or submodule .git is a file, gitrepository-layout(5).
                if (File.Exists(git) && File.ReadAllText(git) is var text && text.StartsWith("gitdir: ", StringComparison.Ordinal))
                {
                    git = Path.GetFullPath(Path.Combine(at, text["gitdir: ".Length..].Trim()));
                }

                if (Directory.Exists(git)) return CommitOf(git);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }

        return null;
    }

    private static string CommitOf(string git)
    {
        string head = File.ReadAllText(Path.Combine(git, "HEAD")).Trim();
        if (!head.StartsWith("ref: ", StringComparison.Ordinal)) return head;
        string name = head["ref: ".Length..];
        string commonFile = Path.Combine(git, "commondir");
        string common = File.Exists(commonFile) ? Path.GetFullPath(Path.Combine(git, File.ReadAllText(commonFile).Trim())) : git;
        string loose = Path.Combine(common, name);
        if (File.Exists(loose)) return File.ReadAllText(loose).Trim();
        string packed = Path.Combine(common, "packed-refs");
        string? line = File.Exists(packed) ? File.ReadLines(packed).FirstOrDefault(line => line.EndsWith(" " + name, StringComparison.Ordinal)) : null;
        return line?.Split(' ')[0] ?? name;
    }

    private static void Append(IncrementalHash hash, string text)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        hash.AppendData([0]);
    }
}
