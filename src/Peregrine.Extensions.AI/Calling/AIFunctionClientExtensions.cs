using Microsoft.Extensions.AI;
using Peregrine.Client;
using Peregrine.Client.Tools;

namespace Peregrine.Extensions.AI.Calling;

/// <summary>Gives the tools of a server as functions.</summary>
public static class AIFunctionClientExtensions
{
    /// <summary>All tools of the server as functions, for <c>ChatOptions.Tools</c>, in the server's order. A list of the moment: ask again when the server's tools change.</summary>
    /// <param name="client">The client; it must live as long as the functions are called.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async ValueTask<IReadOnlyList<AIFunction>> ListAIFunctionsAsync(this PeregrineClient client, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        var tools = await client.ListToolsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        return [.. tools.Select(tool => new RemoteFunction(client, tool))];
    }

    /// <summary>
    /// A tool as a function. It returns the structured content as a <see cref="System.Text.Json.JsonElement"/> where there is one; else the text where there is nothing but one text; else a list of
    /// <see cref="AIContent"/>. A tool that failed returns an <see cref="ErrorContent"/>, which a model may read; what is thrown are faults of the connection.
    /// </summary>
    /// <param name="tool">The tool.</param>
    /// <param name="client">The client that listed it; it must live as long as the function is called.</param>
    public static AIFunction AsAIFunction(this RemoteTool tool, PeregrineClient client)
    {
        ArgumentNullException.ThrowIfNull(tool);
        ArgumentNullException.ThrowIfNull(client);
        return new RemoteFunction(client, tool);
    }
}
