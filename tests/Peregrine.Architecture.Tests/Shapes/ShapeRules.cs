using System.Reflection;

namespace Peregrine.Architecture.Tests.Shapes;

/// <summary>Rules about the types of a loaded assembly.</summary>
internal static class ShapeRules
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    /// <summary>A class that is neither sealed nor abstract invites inheritance that nobody designed.</summary>
    public static IEnumerable<string> CheckSealed(IEnumerable<Type> exported) =>
        exported.Where(t => t.IsClass && !t.IsSealed && !t.IsAbstract).Select(t => $"{t.FullName} must be sealed, static or abstract.");

    /// <param name="exported">The public types of an assembly that users import for writing tools.</param>
    /// <param name="taken">Full names of another library's types, with their arity.</param>
    public static IEnumerable<string> CheckNamesTaken(IEnumerable<Type> exported, IEnumerable<string> taken)
    {
        Dictionary<string, string> byName = taken.GroupBy(n => n[(n.LastIndexOf('.') + 1)..], StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        foreach (Type type in exported.Where(t => !t.IsNested))
        {
            if (byName.TryGetValue(type.Name, out string? other))
                yield return $"{type.FullName} has the name of {other}: both may be imported by one file.";
        }
    }

    /// <summary>An event id names one message of an assembly, and is written down, not derived.</summary>
    public static IEnumerable<string> CheckEventIds(IEnumerable<Type> types)
    {
        var seen = new Dictionary<int, string>();
        foreach (MethodInfo method in types.SelectMany(t => t.GetMethods(Declared)))
        {
            if (EventId(method) is not { } id)
                continue;
            string name = $"{method.DeclaringType!.FullName}.{method.Name}";
            if (id <= 0)
                yield return $"{name} has no event id.";
            else if (!seen.TryAdd(id, name))
                yield return $"{name} has the event id {id} of {seen[id]}.";
        }
    }

    /// <summary>Null for a method that is no log message, 0 for one without an id.</summary>
    private static int? EventId(MethodInfo method)
    {
        CustomAttributeData? attribute = method.CustomAttributes.FirstOrDefault(a => a.AttributeType.Name == "LoggerMessageAttribute");
        if (attribute is null)
            return null;
        foreach (CustomAttributeNamedArgument argument in attribute.NamedArguments.Where(a => a.MemberName == "EventId"))
            return (int)argument.TypedValue.Value!;
        ParameterInfo[] parameters = attribute.Constructor.GetParameters();
        return parameters.Length > 0 && parameters[0].Name == "eventId" ? (int)attribute.ConstructorArguments[0].Value! : 0;
    }
}
