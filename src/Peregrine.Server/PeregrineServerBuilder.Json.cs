using System.Text.Json.Serialization;

namespace Peregrine.Server;

// Types that the generator leaves to System.Text.Json.
public sealed partial class PeregrineServerBuilder
{
    /// <summary>
    /// How System.Text.Json reads and writes arguments and results of types that the generator does not, such as those with a converter of their own. Without it the context counts in which the
    /// program declares them with <see cref="JsonSerializableAttribute"/>; a type that no context declares is a compiler error. Schemas are those of that declared context in any case.
    /// </summary>
    public PeregrineServerBuilder WithJson(JsonSerializerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Configure(options => options with { Json = context });
    }
}
