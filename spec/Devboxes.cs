using Sessiond.Spec.Decoding;
using Sessiond.Spec.Keys;
using Sessiond.Spec.Toml;

namespace Sessiond.Spec;

/// <summary>The devboxes that a user knows: <c>~/.config/sessiond/devboxes.toml</c>.</summary>
/// <param name="All">Those without error, in the order of the file.</param>
/// <param name="Errors">What is wrong with the others.</param>
public sealed record Devboxes(IReadOnlyList<DevboxAddress> All, IReadOnlyList<SpecError> Errors)
{
    /// <summary>Reads a file; one that does not exist knows none.</summary>
    public static Devboxes Load(string path)
    {
        var reading = new Reading();
        if (!File.Exists(path) || SpecFile.Read(path, (position, message) => reading.Fail(position, message)) is not { } bytes) return new Devboxes([], reading.Errors);
        TomlDocument document = TomlReader.Read(bytes, path);
        reading.Add(document.Errors);
        DevboxKeys.All.Read(document.Root, reading).TryGet(out ValueList<DevboxAddress>? all);
        return new Devboxes(all ?? [], reading.Errors);
    }
}
