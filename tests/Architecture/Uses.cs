using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Tests.Architecture;

/// <summary>
/// Lists the types that a type's compiled form names: bases, fields, signatures, locals and every instruction. Attributes are left out,
/// because [Id] and [Alias] on a model type are no use of Orleans.
/// </summary>
internal static class Uses
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> s_codes = typeof(OpCodes).GetFields()
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(c => c.Value);

    public static HashSet<Type> Of(Type type)
    {
        var used = new HashSet<Type>();
        Add(used, type.BaseType);
        foreach (var contract in type.GetInterfaces()) Add(used, contract);
        foreach (var field in type.GetFields(All)) Add(used, field.FieldType);
        foreach (var method in type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All))) AddMethod(used, method);
        foreach (var nested in type.GetNestedTypes(All)) used.UnionWith(Of(nested));
        return used;
    }

    private static void AddMethod(HashSet<Type> used, MethodBase method)
    {
        if (method is MethodInfo { ReturnType: var result }) Add(used, result);
        foreach (var parameter in method.GetParameters()) Add(used, parameter.ParameterType);
        if (method.GetMethodBody() is not { } body) return;
        foreach (var local in body.LocalVariables) Add(used, local.LocalType);
        foreach (var clause in body.ExceptionHandlingClauses)
        {
            if (clause.Flags == ExceptionHandlingClauseOptions.Clause) Add(used, clause.CatchType);
        }
        foreach (int token in Tokens(body.GetILAsByteArray() ?? [])) AddMember(used, Resolve(method, token));
    }

    private static MemberInfo? Resolve(MethodBase method, int token)
    {
        var ofType = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        return method.Module.ResolveMember(token, ofType, ofMethod);
    }

    private static void AddMember(HashSet<Type> used, MemberInfo? member)
    {
        Add(used, member as Type ?? member?.DeclaringType);
        if (member is FieldInfo field) Add(used, field.FieldType);
        if (member is MethodBase method)
        {
            foreach (var parameter in method.GetParameters()) Add(used, parameter.ParameterType);
            if (method is MethodInfo { ReturnType: var result }) Add(used, result);
            if (method.IsGenericMethod) foreach (var argument in method.GetGenericArguments()) Add(used, argument);
        }
    }

    private static void Add(HashSet<Type> used, Type? type)
    {
        while (type is { HasElementType: true }) type = type.GetElementType();
        if (type is null || type.IsGenericParameter || !used.Add(type)) return;
        if (type.IsGenericType) foreach (var argument in type.GetGenericArguments()) Add(used, argument);
    }

    /// <summary>Reads the metadata tokens in a method's instructions and steps over all others.</summary>
    private static IEnumerable<int> Tokens(byte[] il)
    {
        for (int at = 0; at < il.Length;)
        {
            short value = il[at] == 0xFE ? (short)(0xFE00 | il[at + 1]) : il[at];
            var code = s_codes[value];
            at += code.Size;
            switch (code.OperandType)
            {
                case OperandType.InlineNone:
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    at += 1;
                    break;
                case OperandType.InlineVar:
                    at += 2;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    at += 8;
                    break;
                case OperandType.InlineSwitch:
                    at += 4 + 4 * BitConverter.ToInt32(il, at);
                    break;
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                    yield return BitConverter.ToInt32(il, at);
                    at += 4;
                    break;
                default:
                    at += 4;
                    break;
            }
        }
    }

    /// <summary>
    /// Says whether a person wrote the type. A closure's, a collection expression's or a codec's type at the top of an assembly was not.
    /// </summary>
    public static bool IsOurs(Type type) =>
        type.Namespace?.Split('.')[0] is "Grains" or "Client" or "Silo"
        && !(type.DeclaringType is null && type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false));
}
