namespace Peregrine.JsonSchema.Patterns;

/// <summary>What searching a text for a pattern gave.</summary>
internal enum PatternResult : byte
{
    NoMatch,
    Match,
    TimedOut,
}
