using System.Reflection;

namespace Peregrine.Architecture.Tests.PublicApi;

/// <summary>Writes types the way C# does, with nullable annotations where the metadata has them.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte", [typeof(char)] = "char", [typeof(short)] = "short",
        [typeof(ushort)] = "ushort", [typeof(int)] = "int", [typeof(uint)] = "uint", [typeof(long)] = "long", [typeof(ulong)] = "ulong",
        [typeof(float)] = "float", [typeof(double)] = "double", [typeof(decimal)] = "decimal", [typeof(string)] = "string",
        [typeof(object)] = "object", [typeof(void)] = "void", [typeof(nint)] = "nint", [typeof(nuint)] = "nuint",
    };

    public static string Of(Type type, NullabilityInfo? nullability = null)
    {
        if (type.IsByRef)
            return Of(type.GetElementType()!, nullability?.ElementType ?? nullability);
        if (type.IsPointer)
            return Of(type.GetElementType()!) + "*";
        if (Nullable.GetUnderlyingType(type) is { } value)
            return Of(value, nullability?.GenericTypeArguments.FirstOrDefault()) + "?";
        // For an unconstrained type parameter the metadata reads the same with and without the annotation.
        string mark = !type.IsValueType && !type.IsGenericParameter && nullability?.ReadState == NullabilityState.Nullable ? "?" : "";
        if (type.IsArray)
            return $"{Of(type.GetElementType()!, nullability?.ElementType)}[{new string(',', type.GetArrayRank() - 1)}]{mark}";
        return (Keywords.GetValueOrDefault(type) ?? Named(type, nullability)) + mark;
    }

    /// <summary>The simple name with type parameters, as in a declaration.</summary>
    public static string Declared(Type type)
    {
        string name = Simple(type);
        Type[] own = OwnArguments(type, type.GetGenericArguments());
        return own.Length == 0 ? name : $"{name}<{string.Join(", ", own.Select(a => Variance(a) + a.Name))}>";
    }

    /// <summary>The constraints of type parameters, each as ` where T : ...`.</summary>
    public static string Constraints(IEnumerable<Type> parameters) => string.Concat(parameters.Select(Constraint));

    private static string Named(Type type, NullabilityInfo? nullability)
    {
        if (type.IsGenericParameter)
            return type.Name;
        Type[] arguments = type.GetGenericArguments();
        Type[] own = OwnArguments(type, arguments);
        int inherited = arguments.Length - own.Length;
        string prefix = type.IsNested
            ? Named(type.DeclaringType!.IsGenericTypeDefinition && inherited > 0 ? type.DeclaringType.MakeGenericType(arguments[..inherited]) : type.DeclaringType, null) + "."
            : Namespace(type);
        if (own.Length == 0)
            return prefix + Simple(type);
        IEnumerable<string> names = own.Select((a, i) => Of(a, nullability?.GenericTypeArguments.ElementAtOrDefault(inherited + i)));
        return $"{prefix}{Simple(type)}<{string.Join(", ", names)}>";
    }

    /// <summary>Names of .NET itself and our own are known to a reader without their namespace; others are written in full.</summary>
    private static string Namespace(Type type) =>
        type.Namespace is not { } space || space.Split('.')[0] is "System" or "Peregrine" ? "" : space + ".";

    private static string Simple(Type type)
    {
        int tick = type.Name.IndexOf('`', StringComparison.Ordinal);
        return tick < 0 ? type.Name : type.Name[..tick];
    }

    private static Type[] OwnArguments(Type type, Type[] arguments) =>
        type.IsNested ? arguments[Math.Min(arguments.Length, type.DeclaringType!.GetGenericArguments().Length)..] : arguments;

    private static string Variance(Type parameter) => (parameter.GenericParameterAttributes & GenericParameterAttributes.VarianceMask) switch
    {
        GenericParameterAttributes.Covariant => "out ",
        GenericParameterAttributes.Contravariant => "in ",
        _ => "",
    };

    private static string Constraint(Type parameter)
    {
        GenericParameterAttributes special = parameter.GenericParameterAttributes;
        bool value = special.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        var parts = new List<string>();
        if (special.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
            parts.Add("class");
        if (value)
            parts.Add("struct");
        parts.AddRange(parameter.GetGenericParameterConstraints().Where(c => c != typeof(ValueType)).Select(c => Of(c)));
        if (special.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) && !value)
            parts.Add("new()");
        if (special.HasFlag(GenericParameterAttributes.AllowByRefLike))
            parts.Add("allows ref struct");
        return parts.Count == 0 ? "" : $" where {parameter.Name} : {string.Join(", ", parts)}";
    }
}
