using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Peregrine.Architecture.Tests.PublicApi;

/// <summary>Writes one public or protected member as a line of C#.</summary>
internal static class MemberText
{
    public static bool IsVisible(MethodBase? method) => method is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };

    public static string Of(ConstructorInfo constructor) =>
        $"{Access(constructor)}{TypeNames.Declared(constructor.DeclaringType!).Split('<')[0]}({Parameters(constructor.GetParameters())})";

    public static string Of(MethodInfo method)
    {
        string generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>" : "";
        string parameters = Parameters(method.GetParameters());
        if (method.IsDefined(typeof(ExtensionAttribute), inherit: false))
            parameters = "this " + parameters;
        return $"{Access(method)}{Modifiers(method)}{Returned(method.ReturnParameter)} {method.Name}{generic}({parameters})"
            + (method.IsGenericMethod ? TypeNames.Constraints(method.GetGenericArguments()) : "");
    }

    public static string Of(PropertyInfo property)
    {
        MethodInfo accessor = property.GetMethod ?? property.SetMethod!;
        // The parameters of the accessor carry annotations, those of the property do not.
        ParameterInfo[] index = accessor.GetParameters()[..property.GetIndexParameters().Length];
        string name = index.Length > 0 ? $"this[{Parameters(index)}]" : property.Name;
        string required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        string type = property.GetMethod is { } getter && index.Length == 0 && getter.ReturnType.IsByRef
            ? Returned(getter.ReturnParameter)
            : TypeNames.Of(property.PropertyType, new NullabilityInfoContext().Create(property));
        return $"{Access(accessor)}{Modifiers(accessor)}{required}{type} {name} {{ {Accessor(property.GetMethod, accessor, "get")}{Accessor(property.SetMethod, accessor, IsInit(property) ? "init" : "set")}}}";
    }

    public static string Of(FieldInfo field)
    {
        string access = field.IsPublic ? "" : "protected ";
        string type = TypeNames.Of(field.FieldType, new NullabilityInfoContext().Create(field));
        if (field.IsLiteral)
            return $"{access}const {type} {field.Name} = {Literal(field.GetRawConstantValue(), field.FieldType)}";
        return $"{access}{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{type} {field.Name}";
    }

    public static string Of(EventInfo e) => $"{Access(e.AddMethod!)}{Modifiers(e.AddMethod!)}event {TypeNames.Of(e.EventHandlerType!)} {e.Name}";

    public static string Parameters(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(Parameter));

    public static string Returned(ParameterInfo returned)
    {
        string type = TypeNames.Of(returned.ParameterType, new NullabilityInfoContext().Create(returned));
        if (!returned.ParameterType.IsByRef)
            return type;
        return (returned.GetRequiredCustomModifiers().Any(m => m.Name == "InAttribute") ? "ref readonly " : "ref ") + type;
    }

    private static string Parameter(ParameterInfo parameter)
    {
        string kind = !parameter.ParameterType.IsByRef ? "" : parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref ";
        string several = parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute)) ? "params " : "";
        string value = parameter.HasDefaultValue ? " = " + Literal(parameter.RawDefaultValue, parameter.ParameterType) : "";
        return $"{several}{kind}{TypeNames.Of(parameter.ParameterType, new NullabilityInfoContext().Create(parameter))} {parameter.Name}{value}";
    }

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static string Modifiers(MethodInfo method)
    {
        if (method.DeclaringType!.IsInterface)
            return method.IsStatic ? "static " : "";
        if (method.IsStatic)
            return "static ";
        if (method.IsAbstract)
            return "abstract ";
        if (method.IsVirtual && method.GetBaseDefinition() != method)
            return method.IsFinal ? "sealed override " : "override ";
        return method.IsVirtual && !method.IsFinal ? "virtual " : "";
    }

    private static string Accessor(MethodInfo? accessor, MethodInfo widest, string name) =>
        !IsVisible(accessor) ? "" : accessor!.IsPublic || !widest.IsPublic ? name + "; " : "protected " + name + "; ";

    private static bool IsInit(PropertyInfo property) =>
        property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;

    private static string Literal(object? value, Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        return value switch
        {
            null => type.IsValueType && plain == type ? "default" : "null",
            string text => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"",
            char c => $"'{c}'",
            bool b => b ? "true" : "false",
            _ when plain.IsEnum => $"{plain.Name}.{Enum.ToObject(plain, value)}",
            IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString()!,
        };
    }
}
