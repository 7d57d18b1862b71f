using System.Text;

namespace Peregrine.Protocol.Tests.JsonRpc;

/// <summary>Makes messages that are valid JSON, and valid or nearly valid JSON-RPC: members in any order, repeated, escaped, of wrong types.</summary>
internal sealed class MessageGenerator(int seed)
{
    private static readonly string[] Unknown = ["x", "y", "extra", "ID", "", "na", "requestState", "inputResponses", "é", "\\ud800", "\\uD800", "\\n"];
    private static readonly string[] Ids = ["1", "\"a\"", "null", "1.5", "1e2", "-7", "true", "{}", "[]", "\"\\u0061\"", "99999999999999999999999"];
    private static readonly string[] Methods = ["\"tools/call\"", "\"tools\\/call\"", "\"ping\"", "\"\\u0070ing\"", "\"notifications/progress\"", "\"no/such\"", "\"\\ud800\"", "1", "null", "\"\""];
    private static readonly string[] TopNames = ["jsonrpc", "id", "method", "params", "result", "error"];
    private static readonly string[] ParamNames = ["name", "uri", "cursor", "taskId", "arguments", "requestId", "protocolVersion", "progressToken", "_meta"];
    private static readonly string[] MetaNames = ["progressToken", "io.modelcontextprotocol/protocolVersion", "io.modelcontextprotocol/clientInfo", "io.modelcontextprotocol/clientCapabilities", "io.modelcontextprotocol/logLevel", "io.modelcontextprotocol/other", "logLevel"];

    private readonly Random _random = new(seed);

    public Random Random => _random;

    public byte[] Next()
    {
        var text = new StringBuilder();
        text.Append(Space()).Append('{').Append(Space());
        var names = new List<string> { "jsonrpc" };
        names.AddRange(_random.Next(4) switch
        {
            0 => ["id", "method", "params"],
            1 => ["method", "params"],
            2 => ["id", "result"],
            _ => ["id", "error"],
        });
        Disturb(names, TopNames);
        Members(text, names, TopValue);
        text.Append('}').Append(Space());
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private void Disturb(List<string> names, string[] known)
    {
        for (var i = _random.Next(8) == 0 ? _random.Next(60) : _random.Next(3); i > 0; i--)
        {
            switch (_random.Next(8))
            {
                case 0:
                    names.Add(known[_random.Next(known.Length)]);
                    break;
                case 1 when names.Count > 0:
                    names.RemoveAt(_random.Next(names.Count));
                    break;
                default:
                    names.Add(_random.Next(3) == 0 ? Unknown[_random.Next(Unknown.Length)] : $"u{_random.Next(1000)}");
                    break;
            }
        }

        var shuffled = names.OrderBy(_ => _random.Next()).ToList();
        names.Clear();
        names.AddRange(shuffled);
    }

    private void Members(StringBuilder text, List<string> names, Func<string, string> value)
    {
        for (var i = 0; i < names.Count; i++)
        {
            text.Append(i == 0 ? "" : ",").Append(Space()).Append('"').Append(MaybeEscaped(names[i])).Append('"').Append(Space()).Append(':').Append(Space());
            text.Append(value(names[i])).Append(Space());
        }
    }

    private string MaybeEscaped(string name)
    {
        if (name.Contains('\\') || name.Length == 0 || _random.Next(12) != 0)
        {
            return name;
        }

        var at = _random.Next(name.Length);
        return $"{name[..at]}\\u{(int)name[at]:x4}{name[(at + 1)..]}".Replace("/", "\\/", StringComparison.Ordinal);
    }

    private string TopValue(string name) => name switch
    {
        "jsonrpc" => _random.Next(20) == 0 ? Value(2) : _random.Next(10) == 0 ? "\"2\\u002e0\"" : "\"2.0\"",
        "id" => Ids[_random.Next(_random.Next(4) == 0 ? Ids.Length : 2)],
        "method" => Methods[_random.Next(Methods.Length)],
        "params" when _random.Next(12) != 0 => Object(ParamNames, ParamValue),
        _ => Value(3),
    };

    private string ParamValue(string name) => name == "_meta" && _random.Next(12) != 0 ? Object(MetaNames, _ => Value(3)) : Value(3);

    private string Object(string[] known, Func<string, string> value)
    {
        var names = known.Where(_ => _random.Next(3) == 0).ToList();
        if (_random.Next(4) == 0)
        {
            Disturb(names, known);
        }

        var text = new StringBuilder("{").Append(Space());
        Members(text, names, value);
        return text.Append('}').ToString();
    }

    private string Value(int depth) => _random.Next(depth > 0 ? 12 : 8) switch
    {
        0 => "null",
        1 => _random.Next(2) == 0 ? "true" : "false",
        2 => _random.Next(-1000, 1000).ToString(System.Globalization.CultureInfo.InvariantCulture),
        3 => "-0.5e+10",
        4 => "\"" + new string('s', _random.Next(70)) + "\"",
        5 => "\"" + new string('s', _random.Next(40)) + "\\n\\\\\\\"\\u00e9é{[:,]}\"",
        6 => _random.Next(40) == 0 ? Nested(_random.Next(55, 66)) : "{}",
        7 => "[]",
        8 or 9 => "[" + string.Join(Space() + ",", Enumerable.Range(0, _random.Next(5)).Select(_ => Value(depth - 1))) + Space() + "]",
        _ => "{" + string.Join(",", Enumerable.Range(0, _random.Next(5)).Select(i => $"{Space()}\"k{i}\"{Space()}:{Value(depth - 1)}")) + "}",
    };

    private string Nested(int depth) =>
        string.Concat(Enumerable.Repeat(_random.Next(2) == 0 ? "[" : "{\"a\":", 1)) is "["
            ? new string('[', depth) + new string(']', depth)
            : string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);

    private string Space() => _random.Next(10) switch { 0 => " ", 1 => "\n", 2 when _random.Next(20) == 0 => "\r\n" + new string(' ', _random.Next(70)) + "\t", _ => "" };
}
