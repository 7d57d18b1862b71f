using System.Globalization;
using System.Text.Json.Nodes;
using Peregrine.Interop.Tests.Processes;

namespace Peregrine.Interop.Tests.Faults;

/// <summary>
/// The sample server behind a shell script, as many servers are: the shell is what the gateway starts, the server a child of it, beside another child that has
/// nothing to do with MCP and would live for a day.
/// </summary>
internal sealed class ScriptedServer : IDisposable
{
    private const string Script = """
        #!/bin/sh
        sleep 86400 &
        echo "$!" >> "$1"
        "$2" serve --stdio
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly string _script;
    private readonly string _marks;

    internal ScriptedServer()
    {
        _script = _folder.Write("server.sh", Script);
        _marks = _folder.Write("marks", "");
    }

    /// <summary>The server as the two members of a configuration entry.</summary>
    internal string Entry => $"\"command\": \"sh\", \"args\": [{Quoted(_script)}, {Quoted(_marks)}, {Quoted(Programs.Peregrine)}]";

    /// <summary>The processes beside the server, of every start.</summary>
    internal IReadOnlyList<int> Sleepers => [.. File.ReadLines(_marks).Select(static line => int.Parse(line, CultureInfo.InvariantCulture))];

    public void Dispose() => _folder.Dispose();

    private static string Quoted(string text) => JsonValue.Create(text).ToJsonString();
}
