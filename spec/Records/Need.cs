namespace Sessiond.Spec;

/// <summary>Something that must be finished or ready first.</summary>
/// <remarks>
/// It may be a session or hook that is left out of the spec for an error of its own, which then never comes, or a session that
/// is not in the spec and is created by the API.
/// </remarks>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Name">The event as the spec writes it (<c>post_start</c>), or the name of the hook or session.</param>
public sealed record Need(NeedKind Kind, string Name)
{
    /// <summary>As the spec writes it.</summary>
    public override string ToString() => Kind == NeedKind.Session ? $"session:{Name}" : $"hook:{Name}";
}
