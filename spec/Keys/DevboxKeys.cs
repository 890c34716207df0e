using Sessiond.Spec.Decoding;

namespace Sessiond.Spec.Keys;

/// <summary>A table of <c>devboxes.toml</c>.</summary>
internal static class DevboxKeys
{
    public static readonly SpecTable<DevboxAddress> Address = new SpecTable<DevboxAddress>("NAME", "How to reach a devbox.")
        .Key("url", NameTypes.HttpUrl, null, "URL of its endpoint.", (devbox, url) => devbox with { Url = url })
        .Key("token_file", SpecTypes.Word, "(none)", "File with the bearer token.", (devbox, path) => devbox with { TokenFile = path })
        .Key("resume", CommandTypes.Command, "(none)", "Run, and waited for, when the devbox does not answer.", (devbox, command) => devbox with { Resume = command });

    /// <summary>The whole file: a table for each devbox.</summary>
    public static readonly SpecType<ValueList<DevboxAddress>> All = SpecTypes.Entries(
        "devboxes",
        SpecTypes.WholeTable(Address, new DevboxAddress { Name = "" }),
        name => SpecName.IsValid(name) ? null : $"\"{SpecText.Printable(name)}\" is not a name: {SpecName.Rule}",
        (name, devbox) => devbox with { Name = name });
}
