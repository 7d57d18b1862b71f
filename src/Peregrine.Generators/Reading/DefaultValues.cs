using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Peregrine.Generators.Emitting;
using Peregrine.Generators.Models;

namespace Peregrine.Generators.Reading;

/// <summary>A parameter's default value, in C# and in JSON.</summary>
internal static class DefaultValues
{
    /// <summary>Reads the default of an optional parameter. No JSON where the value is not a constant of its type.</summary>
    internal static (string Code, string? Json) Read(IParameterSymbol parameter, ValueShape shape, bool isNullable)
    {
        var value = parameter.HasExplicitDefaultValue ? parameter.ExplicitDefaultValue : null;
        if (value is null)
        {
            var code = isNullable ? "null" : shape.IsValueType ? "default" : "null!";
            return (code, isNullable ? "null" : null);
        }

        if (shape.Kind == ShapeKind.Enum)
        {
            return ReadEnum(parameter, shape, value);
        }

        return value switch
        {
            string text => (SymbolDisplay.FormatLiteral(text, quote: true), JsonWriter.String(text)),
            bool truth => truth ? ("true", "true") : ("false", "false"),
            char character => (SymbolDisplay.FormatLiteral(character, quote: true), JsonWriter.String(character.ToString())),
            double number => Floating(number, "double", number.ToString("R", CultureInfo.InvariantCulture) + "d"),
            float number => Floating(number, "float", number.ToString("R", CultureInfo.InvariantCulture) + "f"),
            DateTime time => ($"new global::System.DateTime({time.Ticks.ToString(CultureInfo.InvariantCulture)}L)", null),
            IFormattable number => (Integer(number, shape.Kind), number.ToString(null, CultureInfo.InvariantCulture)),
            _ => ("default", null),
        };
    }

    /// <summary>A constant of an attribute as a value of a type; null where it is none.</summary>
    internal static ConstantModel? Constant(object? value, ValueShape shape)
    {
        var isInteger = shape.Kind is >= ShapeKind.SByte and <= ShapeKind.UInt64;
        return (value, shape.Kind) switch
        {
            (string text, ShapeKind.String) => new(SymbolDisplay.FormatLiteral(text, quote: true), JsonWriter.String(text)),
            (bool truth, ShapeKind.Boolean) => truth ? new("true", "true") : new("false", "false"),
            (sbyte or byte or short or ushort or int or uint or long or ulong, _) when isInteger => new($"({shape.TypeName}){Integer((IFormattable)value, shape.Kind)}", Plain(value)),
            (int or long or float or double, ShapeKind.Single or ShapeKind.Double or ShapeKind.Decimal) => new(Plain(value) + Suffix(shape.Kind), Plain(value)),
            _ => null,
        };
    }

    /// <summary>The suffix that gives a numeric literal its type.</summary>
    internal static string Suffix(ShapeKind kind) => kind switch
    {
        ShapeKind.UInt32 => "U",
        ShapeKind.Int64 => "L",
        ShapeKind.UInt64 => "UL",
        ShapeKind.Single => "f",
        ShapeKind.Double => "d",
        ShapeKind.Decimal => "m",
        _ => "",
    };

    private static string Plain(object value) => value switch
    {
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        float number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
    };

    private static string Integer(IFormattable number, ShapeKind kind) => number.ToString(null, CultureInfo.InvariantCulture) + Suffix(kind);

    private static (string Code, string? Json) Floating(double value, string type, string code)
    {
        if (double.IsNaN(value))
        {
            return ($"{type}.NaN", null);
        }

        if (double.IsInfinity(value))
        {
            return ($"{type}.{(value > 0 ? "PositiveInfinity" : "NegativeInfinity")}", null);
        }

        return (code, code.Substring(0, code.Length - 1));
    }

    private static (string Code, string? Json) ReadEnum(IParameterSymbol parameter, ValueShape shape, object value)
    {
        var type = parameter.Type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable
            ? nullable.TypeArguments[0]
            : parameter.Type;
        var field = type.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field => field.HasConstantValue && Equals(field.ConstantValue, value));
        if (field is null)
        {
            return ($"({shape.TypeName})({Convert.ToString(value, CultureInfo.InvariantCulture)})", null);
        }

        var code = ShapeReader.EscapeKeyword(field.Name);
        return ($"{shape.TypeName}.{code}", JsonWriter.String(shape.Members.First(member => member.Code == code).Name));
    }
}
