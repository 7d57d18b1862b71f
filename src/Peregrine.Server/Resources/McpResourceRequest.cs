using Peregrine.Server.Resources.Templates;

namespace Peregrine.Server.Resources;

/// <summary>Which resource is to be read. Immutable.</summary>
public sealed class McpResourceRequest
{
    private readonly IReadOnlyList<MatchedVariable> _variables;

    internal McpResourceRequest(string uri, IReadOnlyList<MatchedVariable> variables)
    {
        Uri = uri;
        _variables = variables;
    }

    /// <summary>The URI as the caller wrote it.</summary>
    public string Uri { get; }

    /// <summary>
    /// The value of a variable of the template, percent-decoded; null where the URI leaves it out. A list has its separator between its elements: <c>/</c> for <c>{/path*}</c>. It is what a
    /// stranger wrote: it may be any text, such as <c>..</c>.
    /// </summary>
    public string? this[string variable] => Find(variable) is { Values: { } values } matched ? string.Join((char)matched.Variable.Separator, values) : null;

    /// <summary>The elements of a list such as <c>{/path*}</c>, percent-decoded; empty where the URI leaves it out.</summary>
    public IReadOnlyList<string> ListOf(string variable) => Find(variable).Values ?? [];

    private MatchedVariable Find(string variable)
    {
        foreach (var matched in _variables)
        {
            if (matched.Variable.Name == variable)
            {
                return matched;
            }
        }

        return default;
    }
}
