using Peregrine.Execution.Keys;

namespace Peregrine.Execution.Caching;

/// <summary>What a cached result is found by: what was asked, with which arguments, for whom, in which form. A value; immutable.</summary>
/// <param name="Group">What was asked.</param>
/// <param name="Arguments">The arguments; see <see cref="CanonicalJson"/>.</param>
/// <param name="Principal">For whom the result is; null where it is for everybody, or for callers without a name.</param>
/// <param name="Form">The form of the result, such as a protocol revision: results of one form are of no use for another.</param>
public readonly record struct CacheKey(CacheGroup Group, ArgumentHash Arguments, string? Principal, int Form)
{
    /// <summary>A hash of all parts.</summary>
    public override int GetHashCode() => HashCode.Combine(Group.Number, Arguments, Principal, Form);

    /// <summary>True where all parts are equal.</summary>
    public bool Equals(CacheKey other) =>
        ReferenceEquals(Group, other.Group) && Form == other.Form && Arguments == other.Arguments && string.Equals(Principal, other.Principal, StringComparison.Ordinal);
}
