using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Peregrine.Cli.Configuring;

/// <summary>Puts one entry into a client's file, and leaves every other character of it as it is: comments, order, indentation.</summary>
internal static class ConfigFileEditor
{
    private static readonly JsonReaderOptions Options = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Adds an entry.</summary>
    /// <param name="file">The file's text; null where there is none.</param>
    /// <param name="member">The member that holds the servers.</param>
    /// <param name="name">The server's name.</param>
    /// <param name="entry">The members of the entry, each as it stands in JSON.</param>
    /// <param name="replace">Whether an entry of that name may be replaced.</param>
    /// <param name="error">What is wrong and what to do.</param>
    /// <returns>The new text, or null.</returns>
    internal static string? Add(string? file, string member, string name, IReadOnlyList<string> entry, bool replace, out string error)
    {
        error = "";
        var quoted = $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(name)}\"";
        if (string.IsNullOrWhiteSpace(file))
        {
            file = "{\n}\n";
        }

        var text = Encoding.UTF8.GetBytes(file);
        var layout = Layout.Of(file);
        Places places;
        try
        {
            places = Find(text, member, name);
        }
        catch (JsonException exception)
        {
            error = $"line {exception.LineNumber + 1} is not valid JSON: {exception.Message.Split(" LineNumber", 2)[0]} Correct it first.";
            return null;
        }

        if (places.Fault is not null)
        {
            error = places.Fault;
            return null;
        }

        if (places.Entry is { } old)
        {
            if (!replace)
            {
                error = $"it has a server named \"{name}\" already; give another name with --name, or --replace";
                return null;
            }

            return Splice(text, old.Start, old.End, layout.Object(entry, layout.HasLines ? LineIndent(text, old.Start) : null));
        }

        return places.Servers is { } servers
            ? Insert(text, servers, layout, indent => $"{quoted}: {layout.Object(entry, indent)}")
            : Insert(text, places.Root, layout, indent => $"\"{member}\": {layout.Object([$"{quoted}: {layout.Object(entry, indent is null ? null : indent + layout.Unit)}"], indent)}");
    }

    private static Places Find(byte[] text, string member, string name)
    {
        var start = text.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        var reader = new Utf8JsonReader(text.AsSpan(start), Options);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return new Places { Fault = "it is no JSON object; correct it first" };
        }

        Places found = new() { Root = new Container((int)reader.TokenStartIndex + start) };
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isServers = reader.ValueTextEquals(member);
            reader.Read();
            if (!isServers)
            {
                reader.Skip();
            }
            else if (reader.TokenType != JsonTokenType.StartObject)
            {
                return new Places { Fault = $"its member \"{member}\" is no object; correct it first" };
            }
            else
            {
                found.Servers = ReadServers(ref reader, name, start, ref found);
            }

            found.Root = found.Root with { LastEnd = (int)reader.BytesConsumed + start };
        }

        found.Root = found.Root with { Close = (int)reader.TokenStartIndex + start };

        // To the end, for what stands behind the object.
        reader.Read();
        return found;
    }

    private static Container ReadServers(ref Utf8JsonReader reader, string name, int start, ref Places found)
    {
        var servers = new Container((int)reader.TokenStartIndex + start);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isIt = reader.ValueTextEquals(name);
            reader.Read();
            var from = (int)reader.TokenStartIndex + start;
            reader.Skip();
            servers = servers with { LastEnd = (int)reader.BytesConsumed + start };
            if (isIt)
            {
                found.Entry = (from, servers.LastEnd);
            }
        }

        return servers with { Close = (int)reader.TokenStartIndex + start };
    }

    // Behind the last member, with a comma where it lacks one, on a line of its own where the others have such.
    private static string Insert(byte[] text, Container container, Layout layout, Func<string?, string> member)
    {
        var indent = Indent(text, container, layout);
        var added = member(indent);
        if (container.LastEnd == 0)
        {
            // Where nothing stands but white space, that goes; comments stay.
            var isBlank = text.AsSpan(container.Open + 1, container.Close - container.Open - 1).Trim(" \t\r\n"u8).IsEmpty;
            return indent is null ? Splice(text, container.Open + 1, isBlank ? container.Close : container.Open + 1, $" {added} ")
                : isBlank ? Splice(text, container.Open + 1, container.Close, $"{layout.NewLine}{indent}{added}{layout.NewLine}{LineIndent(text, container.Open)}")
                : Splice(text, container.Open + 1, container.Open + 1, $"{layout.NewLine}{indent}{added}");
        }

        var comma = CommaBehind(text, container);
        var at = comma < 0 ? container.LastEnd : comma + 1;
        return Splice(text, at, at, $"{(comma < 0 ? "," : "")}{(indent is null ? " " : layout.NewLine + indent)}{added}");
    }

    private static int CommaBehind(byte[] text, Container container)
    {
        // Only white space, comments and one comma can stand there.
        var rest = text.AsSpan(container.LastEnd, container.Close - container.LastEnd);
        for (var i = 0; i < rest.Length; i++)
        {
            if (rest[i] == (byte)',')
            {
                return container.LastEnd + i;
            }

            if (rest[i] == (byte)'/')
            {
                var isLine = rest[i + 1] == (byte)'/';
                var length = isLine ? rest[i..].IndexOf((byte)'\n') : rest[i..].IndexOf("*/"u8) + 1;
                i = length < 0 ? rest.Length : i + length;
            }
        }

        return -1;
    }

    // How members are indented: as the first one is, or one step more than the line of the opening brace; null where all stands in one line.
    private static string? Indent(byte[] text, Container container, Layout layout)
    {
        if (!layout.HasLines)
        {
            return null;
        }

        var inside = text.AsSpan(container.Open + 1, container.Close - container.Open - 1);
        var first = inside.IndexOfAnyExcept(" \t\r\n"u8);
        if (container.LastEnd == 0 || first < 0)
        {
            return LineIndent(text, container.Open) + layout.Unit;
        }

        return inside.IndexOf((byte)'\n') < 0 ? null
            : inside[..first].Contains((byte)'\n') ? LineIndent(text, container.Open + 1 + first)
            : LineIndent(text, container.Open) + layout.Unit;
    }

    private static string LineIndent(byte[] text, int position)
    {
        var start = text.AsSpan(0, position).LastIndexOf((byte)'\n') + 1;
        var end = start;
        while (end < position && text[end] is (byte)' ' or (byte)'\t')
        {
            end++;
        }

        return Encoding.UTF8.GetString(text, start, end - start);
    }

    private static string Splice(byte[] text, int start, int end, string middle) =>
        Encoding.UTF8.GetString(text, 0, start) + middle + Encoding.UTF8.GetString(text, end, text.Length - end);

    /// <summary>How a file is written.</summary>
    /// <param name="HasLines">False where all stands in one line.</param>
    /// <param name="NewLine">What ends a line.</param>
    /// <param name="Unit">One step of indentation.</param>
    private sealed record Layout(bool HasLines, string NewLine, string Unit)
    {
        public static Layout Of(string file)
        {
            // The first line that is indented is so by one step.
            var line = file.Split('\n').FirstOrDefault(static line => line.Length > 0 && line[0] is ' ' or '\t' && line.Trim().Length > 0) ?? "";
            var unit = line[..^line.TrimStart().Length];
            return new Layout(file.Contains('\n', StringComparison.Ordinal), file.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n", unit.Length is 0 or > 8 ? "  " : unit);
        }

        public string Object(IEnumerable<string> members, string? indent) => indent is null
            ? $"{{{string.Join(", ", members)}}}"
            : $"{{{NewLine}{indent}{Unit}{string.Join($",{NewLine}{indent}{Unit}", members)}{NewLine}{indent}}}";
    }

    /// <summary>An object in the text.</summary>
    /// <param name="Open">Where its opening brace stands.</param>
    private readonly record struct Container(int Open)
    {
        /// <summary>Where its closing brace stands.</summary>
        public int Close { get; init; }

        /// <summary>Behind its last member; 0 where it has none.</summary>
        public int LastEnd { get; init; }
    }

    private struct Places
    {
        public string? Fault;
        public Container Root;
        public Container? Servers;
        public (int Start, int End)? Entry;
    }
}
