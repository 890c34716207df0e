using Sessiond.Spec.Toml;

namespace Sessiond.Spec.Import;

/// <summary>The one value of JSON that TOML does not have.</summary>
internal sealed class JsonNull(SourcePosition position) : TomlValue(position)
{
    public override string Description => "null";
}
