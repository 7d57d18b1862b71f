using System.Globalization;
using Peregrine.JsonSchema.Compilation;
using Peregrine.JsonSchema.Text;

namespace Peregrine.JsonSchema.Comparing;

/// <summary>Finds where two JSON texts differ, for people: the smallest values that do.</summary>
internal sealed class DifferenceFinder
{
    private const int Most = 1_000;

    private readonly List<SchemaDifference> _found = [];

    public IReadOnlyList<SchemaDifference> Find(SchemaNode before, SchemaNode after)
    {
        Compare(new(before.Position.Document, before.Position.Token), new(after.Position.Document, after.Position.Token), "", isMap: false, isAnnotation: false);
        return _found;
    }

    /// <param name="before">The old value.</param>
    /// <param name="after">The new value.</param>
    /// <param name="location">Where they are.</param>
    /// <param name="isMap">Whether the members are called by the user, as those of <c>properties</c> are, and not keywords.</param>
    /// <param name="isAnnotation">Whether they stand under a keyword that judges nothing.</param>
    private void Compare(SchemaLiteral before, SchemaLiteral after, string location, bool isMap, bool isAnnotation)
    {
        if (_found.Count >= Most || JsonEquality.Equal(before.Document.Text, before.Token, after.Document.Text, after.Token))
        {
            return;
        }

        if (before.Kind == ValueKinds.Object && after.Kind == ValueKinds.Object)
        {
            CompareMembers(before, after, location, isMap, isAnnotation);
        }
        else if (before.Kind == ValueKinds.Array && after.Kind == ValueKinds.Array && before.IsListOfContainers && after.IsListOfContainers)
        {
            CompareItems(before, after, location, isAnnotation);
        }
        else
        {
            _found.Add(new SchemaDifference(location, before.ToJson(), after.ToJson(), isAnnotation));
        }
    }

    private void CompareMembers(SchemaLiteral before, SchemaLiteral after, string location, bool isMap, bool isAnnotation)
    {
        var old = before.Members();
        foreach (var (name, value) in after.Members())
        {
            var place = $"{location}/{JsonPointers.Escape(name)}";
            var annotates = isAnnotation || (!isMap && IsAnnotation(name));
            if (old.Remove(name, out var known))
            {
                Compare(known, value, place, !isMap && IsMap(name), annotates);
            }
            else if (_found.Count < Most)
            {
                _found.Add(new SchemaDifference(place, null, value.ToJson(), annotates));
            }
        }

        foreach (var (name, value) in old)
        {
            if (_found.Count < Most)
            {
                _found.Add(new SchemaDifference($"{location}/{JsonPointers.Escape(name)}", value.ToJson(), null, isAnnotation || (!isMap && IsAnnotation(name))));
            }
        }
    }

    private void CompareItems(SchemaLiteral before, SchemaLiteral after, string location, bool isAnnotation)
    {
        var (old, now) = (before.Items(), after.Items());
        for (var i = 0; i < Math.Max(old.Count, now.Count) && _found.Count < Most; i++)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"{location}/{i}");
            if (i < old.Count && i < now.Count)
            {
                Compare(old[i], now[i], place, isMap: false, isAnnotation);
            }
            else
            {
                _found.Add(new SchemaDifference(place, i < old.Count ? old[i].ToJson() : null, i < now.Count ? now[i].ToJson() : null, isAnnotation));
            }
        }
    }

    private static bool IsMap(string keyword) => keyword is "properties" or "patternProperties" or "$defs" or "definitions" or "dependentSchemas" or "dependentRequired" or "dependencies" or "$vocabulary";

    private static bool IsAnnotation(string keyword) =>
        keyword is "title" or "description" or "default" or "examples" or "deprecated" or "readOnly" or "writeOnly" or "$comment" or "contentEncoding" or "contentMediaType" or "contentSchema"
        || keyword.StartsWith("x-", StringComparison.Ordinal);
}
