using Peregrine.Client;
using Peregrine.Client.Interaction;
using Peregrine.Transport.Connections;

namespace Peregrine.Conformance.Client;

/// <summary>
/// The client that the official conformance suite runs: it is given the address of the suite's server, and in the environment the name of the scenario. It uses what any user of the
/// library can use, and nothing else.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (args is not [var url] || !Uri.TryCreate(url, UriKind.Absolute, out var endpoint))
        {
            await Console.Error.WriteLineAsync("usage: MCP_CONFORMANCE_SCENARIO=NAME Peregrine.Conformance.Client URL");
            return 2;
        }

        var scenario = Environment.GetEnvironmentVariable("MCP_CONFORMANCE_SCENARIO") ?? "initialize";
        var context = Environment.GetEnvironmentVariable("MCP_CONFORMANCE_CONTEXT");
        try
        {
            await using var client = await PeregrineClient.ConnectAsync(endpoint, Options);
            await Scenarios.RunAsync(client, scenario, context);
            return 0;
        }
        catch (PeregrineException exception)
        {
            await Console.Error.WriteLineAsync(exception.ToString());
            return 1;
        }
    }

    // Nobody sits in front of it: a form is accepted as its defaults say, and a question for consent is agreed to.
    private static PeregrineClientOptions Options => new()
    {
        Name = "peregrine-conformance-client",
        OnElicitation = static (question, _) => new(ElicitationReply.Accept(
            question.RequestedSchema.Span.IndexOf("\"confirmed\""u8) >= 0 ? "{\"confirmed\":true}"u8.ToArray() : default)),
        OnSampling = static (_, _) => new(SamplingReply.FromText("a text", "no-model")),
        OnRoots = static _ => new([new ClientRoot("file:///tmp", "temporary files")]),
    };
}
