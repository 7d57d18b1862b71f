using System.Text.Json.Serialization;

namespace Peregrine.Server.Hosting;

/// <summary>Says how a server in a container reads and writes JSON.</summary>
public static class PeregrineJsonExtensions
{
    /// <inheritdoc cref="PeregrineServerBuilder.WithJson"/>
    public static IPeregrineBuilder WithJson(this IPeregrineBuilder builder, JsonSerializerContext context)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Configure(server => server.WithJson(context));
    }
}
