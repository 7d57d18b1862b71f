using Peregrine.JsonSchema.Formats;
using Peregrine.JsonSchema.Patterns;

namespace Peregrine.JsonSchema.Compilation;

/// <summary>What strings must fulfil. Lengths in code points.</summary>
internal sealed class StringRules
{
    public long MinLength { get; set; }

    public long MaxLength { get; set; } = long.MaxValue;

    public EcmaPattern? Pattern { get; set; }

    public StringFormat? Format { get; set; }
}
