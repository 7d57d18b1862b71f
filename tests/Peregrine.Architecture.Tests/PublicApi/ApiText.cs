using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Peregrine.Architecture.Tests.PublicApi;

/// <summary>The public surface of an assembly as sorted, readable text: what users can compile against.</summary>
internal static class ApiText
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    /// <summary>Names that the compiler gives to members of records, which their declaration already implies.</summary>
    private static readonly string[] Implied =
        ["PrintMembers", "Equals", "GetHashCode", "ToString", "op_Equality", "op_Inequality", "Deconstruct", "get_EqualityContract", "<Clone>$"];

    public static string Of(IEnumerable<Type> exported)
    {
        var text = new StringBuilder();
        foreach (IGrouping<string, Type> area in exported.Where(t => !t.Name.Contains('<', StringComparison.Ordinal)).GroupBy(t => t.Namespace ?? "").OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            text.Append("namespace ").Append(area.Key).Append("\n\n");
            foreach (Type type in area.OrderBy(t => t.FullName, StringComparer.Ordinal))
                Write(text, type);
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, Type type)
    {
        if (type.IsDefined(typeof(FlagsAttribute), inherit: false))
            text.Append("[Flags]\n");
        if (type.GetCustomAttribute<ObsoleteAttribute>() is { } obsolete && !IsCompilersMark(obsolete))
            text.Append("[Obsolete]\n");
        text.Append(Header(type)).Append('\n');
        foreach (string member in Members(type))
            text.Append("    ").Append(member).Append('\n');
        text.Append('\n');
    }

    private static string Header(Type type)
    {
        string nested = type.IsNested ? TypeNames.Of(type.DeclaringType!).Split('.')[^1] + "." : "";
        string name = nested + TypeNames.Declared(type);
        string constraints = TypeNames.Constraints(type.GetGenericArguments());
        if (type.IsEnum)
            return $"enum {name} : {TypeNames.Of(Enum.GetUnderlyingType(type))}";
        if (type.BaseType == typeof(MulticastDelegate))
        {
            MethodInfo invoke = type.GetMethod("Invoke")!;
            return $"delegate {MemberText.Returned(invoke.ReturnParameter)} {name}({MemberText.Parameters(invoke.GetParameters())}){constraints}";
        }

        string[] bases = [.. Bases(type)];
        return $"{Kind(type)} {name}{(bases.Length == 0 ? "" : " : " + string.Join(", ", bases))}{constraints}";
    }

    private static string Kind(Type type)
    {
        if (type.IsInterface)
            return "interface";
        bool record = IsRecord(type);
        if (type.IsValueType)
            return (type.IsDefined(typeof(IsReadOnlyAttribute), false) ? "readonly " : "") + (type.IsByRefLike ? "ref " : "") + (record ? "record struct" : "struct");
        string modifier = type.IsAbstract && type.IsSealed ? "static " : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "";
        return modifier + (record ? "record" : "class");
    }

    private static IEnumerable<string> Bases(Type type)
    {
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
            yield return TypeNames.Of(parent);
        IEnumerable<Type> inherited = (type.BaseType?.GetInterfaces() ?? []).Concat(type.GetInterfaces().SelectMany(i => i.GetInterfaces()));
        foreach (string name in type.GetInterfaces().Except(inherited).Where(i => i.IsVisible && !(IsRecord(type) && i.Name == "IEquatable`1")).Select(i => TypeNames.Of(i)).Order(StringComparer.Ordinal))
            yield return name;
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.BaseType == typeof(MulticastDelegate))
            return [];
        if (type.IsEnum)
            return type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => $"{f.Name} = {f.GetRawConstantValue()}");
        return
        [
            .. Sorted(type.GetFields(Declared).Where(f => f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly), MemberText.Of),
            .. Sorted(type.GetConstructors(Declared).Where(c => MemberText.IsVisible(c) && !IsCopy(c)), MemberText.Of),
            .. Sorted(type.GetProperties(Declared).Where(p => p.Name != "EqualityContract" && (MemberText.IsVisible(p.GetMethod) || MemberText.IsVisible(p.SetMethod))), MemberText.Of),
            .. Sorted(type.GetEvents(Declared).Where(e => MemberText.IsVisible(e.AddMethod)), MemberText.Of),
            .. Sorted(type.GetMethods(Declared).Where(m => MemberText.IsVisible(m) && IsWritten(type, m)), MemberText.Of),
        ];
    }

    private static IEnumerable<string> Sorted<T>(IEnumerable<T> members, Func<T, string> text)
        where T : MemberInfo =>
        members.Select(m => (m.Name, Text: Marked(m, text(m)))).OrderBy(m => m.Name, StringComparer.Ordinal).ThenBy(m => m.Text, StringComparer.Ordinal).Select(m => m.Text);

    private static string Marked(MemberInfo member, string text) =>
        member.GetCustomAttribute<ObsoleteAttribute>() is { } obsolete && !IsCompilersMark(obsolete) ? "[Obsolete] " + text : text;

    /// <summary>Required members and ref structs carry an Obsolete that only old compilers read.</summary>
    private static bool IsCompilersMark(ObsoleteAttribute obsolete) =>
        obsolete.Message is { } m && (m.StartsWith("Constructors of types with required members", StringComparison.Ordinal) || m.StartsWith("Types with embedded references", StringComparison.Ordinal));

    private static bool IsWritten(Type type, MethodInfo method)
    {
        if (method.Name.Contains('<', StringComparison.Ordinal))
            return false;
        if (method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal))
            return false;
        return !(IsRecord(type) && Implied.Contains(method.Name) && method.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false));
    }

    private static bool IsCopy(ConstructorInfo constructor) =>
        IsRecord(constructor.DeclaringType!) && constructor.GetParameters() is [var only] && only.ParameterType == constructor.DeclaringType;

    private static bool IsRecord(Type type) =>
        type.GetMethod("PrintMembers", Declared, [typeof(StringBuilder)]) is { } print && print.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);
}
