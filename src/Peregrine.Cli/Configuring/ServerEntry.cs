using System.Text.Encodings.Web;
using Peregrine.Cli.Targets;

namespace Peregrine.Cli.Configuring;

/// <summary>Writes what a client's file says of one server.</summary>
internal static class ServerEntry
{
    /// <summary>The members of the entry, each as it stands in JSON.</summary>
    internal static IReadOnlyList<string> Write(Target target, ClientProgram client)
    {
        List<string> members = [];
        if (client.NamesType || target.Endpoint is not null)
        {
            members.Add($"\"type\": {Text(target.Endpoint is null ? "stdio" : "http")}");
        }

        if (target.Endpoint is not null)
        {
            members.Add($"\"url\": {Text(target.Endpoint.ToString())}");
        }
        else
        {
            members.Add($"\"command\": {Text(target.Command[0])}");
            members.Add($"\"args\": [{string.Join(", ", target.Command.Skip(1).Select(Text))}]");
        }

        return members;
    }

    private static string Text(string text) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";
}
