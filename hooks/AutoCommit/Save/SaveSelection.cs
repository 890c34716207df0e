using System.Text;
using Sessiond.Pty;
using Sessiond.Spec;

namespace Sessiond.Hooks.AutoCommit;

/// <summary>Which of the changed files are saved, and which are left out for a reason that is told.</summary>
/// <param name="Files">To be saved.</param>
/// <param name="Left">Left out.</param>
internal sealed record SaveSelection(IReadOnlyList<ChangedFile> Files, IReadOnlyList<LeftOut> Left)
{
    /// <summary>
    /// Filters without which git would store what must not be stored: the large file instead of its pointer, the plain text instead of the encrypted one. Git itself
    /// takes a filter that is not set up for none.
    /// </summary>
    private static readonly string[] IndispensableFilters = ["lfs", "git-crypt", "crypt"];

    /// <summary>Chooses.</summary>
    internal static async Task<SaveSelection> OfAsync(
        Repository repository, AutoCommitSpec spec, IReadOnlyList<ChangedFile> changed, CancellationToken cancellation)
    {
        var files = new List<ChangedFile>();
        var left = new List<LeftOut>();
        Dictionary<string, string> filters = await FiltersAsync(repository, changed, cancellation);
        var missing = new Dictionary<string, bool>();
        foreach (ChangedFile file in changed)
        {
            string? filter = filters.GetValueOrDefault(file.Path.Raw);
            if (filter is not null && !missing.ContainsKey(filter)) missing[filter] = !await IsSetUpAsync(repository, filter, cancellation);
            string? why = filter is not null && missing[filter] ? $"its filter {filter} is not set up here" : WhyNot(repository, spec, file, filter is not null);
            if (why is null) files.Add(file);
            else if (why.Length > 0) left.Add(new LeftOut(file.Path, why));
        }

        // A file that was taken out of the index and is still there stands in the list twice.
        return new SaveSelection([.. files.DistinctBy(file => file.Path.Raw)], left);
    }

    /// <summary>Why a file is left out; null: it is saved; empty: left out, and nothing to tell.</summary>
    private static string? WhyNot(Repository repository, AutoCommitSpec spec, ChangedFile file, bool isFiltered)
    {
        // Only the user knows whether the commit that a submodule is at was pushed; what they staged themselves is kept.
        if (file.IsSubmodule) return file.Unstaged == '.' ? "" : "a submodule is saved by itself";
        if (file.Path.Raw.EndsWith('/')) return "a repository of its own";
        if (file.IsUntracked && SecretFileNames.Matches(file.Path.Name)) return "it looks like a secret; git add it once if it is none";
        if (file.IsDeleted || isFiltered) return null;
        FileFacts? facts = file.Path.FactsIn(repository.Root);
        return facts is { IsFile: true } present && present.Size > spec.MaxFile
            ? $"{ByteSize.Format(present.Size)} is over max_file"
            : null;
    }

    /// <summary>The indispensable filters of files that have one.</summary>
    private static async Task<Dictionary<string, string>> FiltersAsync(
        Repository repository, IReadOnlyList<ChangedFile> changed, CancellationToken cancellation)
    {
        var filters = new Dictionary<string, string>();
        string paths = string.Concat(changed.Where(file => !file.IsDeleted && !file.IsSubmodule).Select(file => file.Path.Raw + "\0"));
        if (paths.Length == 0) return filters;
        GitResult result = await repository.RunAsync(new GitCommand("check-attr", "-z", "--stdin", "filter") { Input = Encoding.Latin1.GetBytes(paths) }, cancellation);
        // <path> NUL <attribute> NUL <value> NUL
        foreach (string[] triple in result.Fields.Chunk(3))
        {
            if (triple.Length == 3 && IndispensableFilters.Any(name => triple[2].StartsWith(name, StringComparison.Ordinal))) filters[triple[0]] = triple[2];
        }

        return filters;
    }

    private static async Task<bool> IsSetUpAsync(Repository repository, string filter, CancellationToken cancellation) =>
        await repository.ConfigAsync($"filter.{filter}.clean", cancellation) is { Length: > 0 }
        || await repository.ConfigAsync($"filter.{filter}.process", cancellation) is { Length: > 0 };
}
