namespace Peregrine.Generators.Emitting;

/// <summary>Gives out names that differ from each other and from those reserved.</summary>
internal sealed class NameScope(params string[] reserved)
{
    private readonly HashSet<string> _taken = new(reserved, StringComparer.Ordinal);

    internal string Take(string wanted)
    {
        var name = wanted;
        while (!_taken.Add(name))
        {
            name += "_";
        }

        return name;
    }
}
